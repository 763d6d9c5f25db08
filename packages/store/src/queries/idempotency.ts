import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
import { idempotencyKeys } from '../schema/tables.ts';

export type IdempotencyAddress = {
  readonly workspace: string;
  /** The API key's id, or `session`. */
  readonly caller: string;
  readonly route: string;
  readonly key: string;
};

/** What came of claiming a key: the request is new, or was answered before; `response` null: is being answered. */
export type IdempotencyClaim =
  | { readonly state: 'new' }
  | { readonly state: 'known'; readonly response: JsonValue | null };

const keptFor = sql`interval '24 hours'`;
/** Whoever answers renews the claim far more often: after so long, its process has died. */
const silentFor = sql`interval '30 seconds'`;

/**
 * Claims an idempotency key for one request, for 24 hours; until there is a response, only as long as the claim is
 * renewed. Within a transaction, whoever claims the same key waits for its end. Throws `idempotency-key-reused` (422) where it came with
 * another body before.
 */
export async function claimIdempotencyKey(
  database: Database,
  at: IdempotencyAddress,
  bodyHash: string,
): Promise<IdempotencyClaim> {
  const claimed = await database
    .insert(idempotencyKeys)
    .values({
      workspaceId: at.workspace,
      caller: at.caller,
      route: at.route,
      key: cleanText(at.key),
      bodyHash,
    })
    .onConflictDoUpdate({
      target: [idempotencyKeys.workspaceId, idempotencyKeys.caller, idempotencyKeys.route, idempotencyKeys.key],
      set: { bodyHash, response: null, createdAt: sql`now()` },
      setWhere: sql`${idempotencyKeys.createdAt} < now() -
        case when ${idempotencyKeys.response} is null then ${silentFor} else ${keptFor} end`,
    })
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return { state: 'new' };
  const [known] = await database.select().from(idempotencyKeys).where(whereKey(at));
  // Released between the two statements: whoever released it failed, so the request may be made anew.
  if (known === undefined) return claimIdempotencyKey(database, at, bodyHash);
  if (known.bodyHash !== bodyHash) throw refuseReuse();
  return { state: 'known', response: known.response };
}

/** The response of an earlier request with the same key, or null. Throws `idempotency-key-reused`. */
export async function findIdempotentResponse(
  database: Database,
  at: IdempotencyAddress,
  bodyHash: string,
): Promise<JsonValue | null> {
  const [known] = await database
    .select()
    .from(idempotencyKeys)
    .where(and(whereKey(at), sql`${idempotencyKeys.createdAt} >= now() - ${keptFor}`));
  if (known === undefined || known.response === null) return null;
  if (known.bodyHash !== bodyHash) throw refuseReuse();
  return known.response;
}

/** Tells that the request is still being answered. */
export async function renewIdempotencyKey(database: Database, at: IdempotencyAddress): Promise<void> {
  await database
    .update(idempotencyKeys)
    .set({ createdAt: sql`now()` })
    .where(and(whereKey(at), isNull(idempotencyKeys.response)));
}

/** Remembers what to answer when the key comes again. */
export async function recordIdempotentResponse(
  database: Database,
  at: IdempotencyAddress,
  response: JsonValue,
): Promise<void> {
  await database
    .update(idempotencyKeys)
    .set({ response: cleanJson(response) })
    .where(whereKey(at));
}

/** Forgets a claim whose request failed before anything came of it. A response that was recorded all the same stays. */
export async function releaseIdempotencyKey(database: Database, at: IdempotencyAddress): Promise<void> {
  await database.delete(idempotencyKeys).where(and(whereKey(at), isNull(idempotencyKeys.response)));
}

export async function deleteOldIdempotencyKeys(database: Database): Promise<void> {
  await database.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, sql`now() - ${keptFor}`));
}

function whereKey(at: IdempotencyAddress) {
  return and(
    eq(idempotencyKeys.workspaceId, at.workspace),
    eq(idempotencyKeys.caller, at.caller),
    eq(idempotencyKeys.route, at.route),
    eq(idempotencyKeys.key, cleanText(at.key)),
  );
}

function refuseReuse(): KumikiError {
  return new KumikiError({
    code: 'idempotency-key-reused',
    message: {
      en: 'This Idempotency-Key came with another body before. Use a new key for a new request.',
      ja: 'この Idempotency-Key は、別の内容のリクエストですでに使われています。新しいリクエストには新しいキーを使ってください。',
    },
    status: 422,
  });
}
