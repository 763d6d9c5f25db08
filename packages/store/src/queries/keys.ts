import { createHash, randomBytes } from 'node:crypto';
import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { apiKeys } from '../schema/tables.ts';

/** Without the hash: nobody outside needs it. */
export type KeyRow = Omit<typeof apiKeys.$inferSelect, 'hash'>;

const keyColumns = {
  id: apiKeys.id,
  workspaceId: apiKeys.workspaceId,
  name: apiKeys.name,
  prefix: apiKeys.prefix,
  scopes: apiKeys.scopes,
  endpoints: apiKeys.endpoints,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
};

/** Makes a key. This is the only time that its value is seen: the database has its hash. */
export async function createKey(
  database: Database,
  options: {
    readonly workspace: string;
    readonly name: string;
    readonly scopes: readonly string[];
    /** Slugs of the endpoints that it may call; null is all. */
    readonly endpoints: readonly string[] | null;
    readonly expiresAt?: Date | null;
  },
): Promise<KeyRow & { readonly key: string }> {
  const key = `kumiki_${randomBytes(32).toString('base64url')}`;
  const [row] = await database
    .insert(apiKeys)
    .values({
      id: createId(),
      workspaceId: options.workspace,
      name: cleanText(options.name),
      prefix: key.slice(0, 12),
      hash: hashKey(key),
      scopes: options.scopes,
      endpoints: options.endpoints,
      expiresAt: options.expiresAt ?? null,
    })
    .returning(keyColumns);
  if (row === undefined) return refuseUnknownKey();
  return { ...row, key };
}

/** The key that somebody has shown; null where it is unknown, revoked or out of date. */
export async function findKey(database: Database, key: string): Promise<KeyRow | null> {
  const [row] = await database
    .select(keyColumns)
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.hash, hashKey(key)),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  return row ?? null;
}

/** Notes that a key was used, to the minute, so that busy keys do not write with every call. */
export async function touchKey(database: Database, id: string): Promise<void> {
  await database
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - interval '1 minute'`))),
    );
}

/** Newest first, without those that were revoked. */
export function listKeys(database: Database, options: { readonly workspace: string }): Promise<KeyRow[]> {
  return database
    .select(keyColumns)
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, options.workspace), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id));
}

/** From now on the key opens nothing. Its row stays, since runs name it. Throws `key-unknown`. */
export async function revokeKey(
  database: Database,
  at: { readonly workspace: string; readonly key: string },
): Promise<void> {
  const revoked = await database
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
    .where(and(eq(apiKeys.workspaceId, at.workspace), eq(apiKeys.id, at.key)))
    .returning({ id: apiKeys.id });
  if (revoked.length === 0) refuseUnknownKey();
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function refuseUnknownKey(): never {
  throw new KumikiError({
    code: 'key-unknown',
    message: {
      en: 'There is no such API key. Look at the list under API keys.',
      ja: '指定された API キーはありません。「API キー」の一覧を確認してください。',
    },
    status: 404,
  });
}
