import { type Database, readSecret, type SecretCipher, withNamedErrors } from '@kumiki/store';
import { refuseHostKey } from '../models/host-key.ts';

/**
 * The value of a secret that a flow names, for a request that is about to leave. A model host's key is no flow's: whoever
 * may draw a flow could have it sent anywhere. Throws `secret-unknown`, `secret-reserved`, `secret-unreadable`.
 */
export async function readFlowSecret(
  database: Database,
  cipher: SecretCipher,
  at: { readonly workspace: string; readonly name: string },
): Promise<string> {
  refuseHostKey(at.name);
  return withNamedErrors(() => readSecret(database, cipher, at));
}
