import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import type { SecretCipher } from '../database/secret-cipher.ts';
import { secrets } from '../schema/tables.ts';

type SecretAddress = { readonly workspace: string; readonly name: string };
export type SecretSummary = { readonly name: string; readonly createdAt: Date; readonly updatedAt: Date };

/** Keeps a secret, or replaces the one of that name. */
export async function putSecret(
  database: Database,
  cipher: SecretCipher,
  secret: SecretAddress & { readonly value: string },
): Promise<void> {
  const sealed = cipher.seal(secret.value, placeOf(secret));
  await database
    .insert(secrets)
    .values({ workspaceId: secret.workspace, name: secret.name, sealed })
    .onConflictDoUpdate({ target: [secrets.workspaceId, secrets.name], set: { sealed, updatedAt: sql`now()` } });
}

/** The value itself, for whoever calls out with it; never for a client. Throws `secret-unknown`, `secret-unreadable`. */
export async function readSecret(database: Database, cipher: SecretCipher, at: SecretAddress): Promise<string> {
  const [row] = await database.select({ sealed: secrets.sealed }).from(secrets).where(whereSecret(at));
  if (row === undefined) return refuseUnknownSecret(at.name);
  return cipher.open(row.sealed, placeOf(at));
}

/** By name, without values. */
export function listSecrets(database: Database, options: { readonly workspace: string }): Promise<SecretSummary[]> {
  return database
    .select({ name: secrets.name, createdAt: secrets.createdAt, updatedAt: secrets.updatedAt })
    .from(secrets)
    .where(eq(secrets.workspaceId, options.workspace))
    .orderBy(asc(sql`${secrets.name} collate "C"`));
}

/** Throws `secret-unknown`. */
export async function deleteSecret(database: Database, at: SecretAddress): Promise<void> {
  const deleted = await database.delete(secrets).where(whereSecret(at)).returning({ name: secrets.name });
  if (deleted.length === 0) refuseUnknownSecret(at.name);
}

function placeOf(at: SecretAddress): string {
  return JSON.stringify([at.workspace, at.name]);
}

function whereSecret(at: SecretAddress) {
  return and(eq(secrets.workspaceId, at.workspace), eq(secrets.name, at.name));
}

function refuseUnknownSecret(name: string): never {
  throw new KumikiError({
    code: 'secret-unknown',
    message: {
      en: `There is no secret “${name}”. Add it on the page “Secrets” or by POST /api/secrets, or name another one.`,
      ja: `「${name}」というシークレットはありません。「シークレット」のページか POST /api/secrets で登録するか、別のシークレットを指定してください。`,
    },
    status: 404,
  });
}
