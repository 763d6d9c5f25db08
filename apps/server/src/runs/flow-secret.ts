import { KumikiError } from '@kumiki/node-sdk';
import { type Database, readSecret, type SecretCipher, withNamedErrors } from '@kumiki/store';
import { hostKeyPrefix } from '../models/host-directory.ts';

/**
 * The value of a secret that a flow names, for a request that is about to leave. A model host's key is no flow's: whoever
 * may draw a flow could have it sent anywhere. Throws `secret-unknown`, `secret-reserved`, `secret-unreadable`.
 */
export async function readFlowSecret(
  database: Database,
  cipher: SecretCipher,
  at: { readonly workspace: string; readonly name: string },
): Promise<string> {
  if (at.name.startsWith(hostKeyPrefix)) throw refuseHostKey(at.name);
  return withNamedErrors(() => readSecret(database, cipher, at));
}

function refuseHostKey(name: string): KumikiError {
  return new KumikiError({
    code: 'secret-reserved',
    status: 422,
    message: {
      en: `The secret “${name}” is the key of a model host and stays with it. Save the key under another name to use it in a flow.`,
      ja: `シークレット「${name}」はモデルホストのキーであり、ほかでは使えません。フローで使うには、別の名前で登録してください。`,
    },
  });
}
