import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { idempotencyKeys } from '../schema/tables.ts';

export type IdempotencyAddress = {
  readonly workspace: string;
  /** The API key's id, or `session`. */
  readonly caller: string;
  readonly route: string;
  readonly key: string;
};

/** A key that was claimed; by `claim` alone may it be renewed, answered or released. */
export type HeldIdempotencyKey = IdempotencyAddress & { readonly claim: string };

/** A response tells the run that made it. */
export type IdempotentResponse = JsonValue & { readonly run: string };

/** What came of claiming a key: the request is new, or was answered before; `response` null: is being answered. */
export type IdempotencyClaim =
  | { readonly state: 'new'; readonly held: HeldIdempotencyKey }
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
  const claim = createId();
  const claimed = await database
    .insert(idempotencyKeys)
    .values({
      workspaceId: at.workspace,
      caller: at.caller,
      route: at.route,
      key: cleanText(at.key),
      bodyHash,
      claim,
    })
    .onConflictDoUpdate({
      target: [idempotencyKeys.workspaceId, idempotencyKeys.caller, idempotencyKeys.route, idempotencyKeys.key],
      set: { bodyHash, claim, response: null, runId: null, createdAt: sql`now()` },
      setWhere: sql`${idempotencyKeys.createdAt} < now() -
        case when ${idempotencyKeys.response} is null then ${silentFor} else ${keptFor} end`,
    })
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return { state: 'new', held: { ...at, claim } };
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
export async function renewIdempotencyKey(database: Database, held: HeldIdempotencyKey): Promise<void> {
  await database
    .update(idempotencyKeys)
    .set({ createdAt: sql`now()` })
    .where(and(whereHeld(held), isNull(idempotencyKeys.response)));
}

/**
 * Remembers what to answer when the key comes again. Throws `idempotency-claim-lost` where somebody else answers the
 * request by now.
 */
export async function recordIdempotentResponse(
  database: Database,
  held: HeldIdempotencyKey,
  response: IdempotentResponse,
): Promise<void> {
  const recorded = await database
    .update(idempotencyKeys)
    .set({ response: cleanJson(response), runId: response.run })
    .where(whereHeld(held))
    .returning({ key: idempotencyKeys.key });
  if (recorded.length === 0) throw refuseLostClaim();
}

/** Forgets a claim whose request failed before anything came of it. A response that was recorded all the same stays. */
export async function releaseIdempotencyKey(database: Database, held: HeldIdempotencyKey): Promise<void> {
  await database.delete(idempotencyKeys).where(and(whereHeld(held), isNull(idempotencyKeys.response)));
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

function whereHeld(held: HeldIdempotencyKey) {
  return and(whereKey(held), eq(idempotencyKeys.claim, held.claim));
}

function refuseLostClaim(): KumikiError {
  return new KumikiError({
    code: 'idempotency-claim-lost',
    message: {
      en: 'Another server took this request over, since this one was silent for too long. Send it again for its answer.',
      ja: 'このサーバーの応答が長く途絶えたため、別のサーバーがこのリクエストを引き継ぎました。回答を受け取るには、もう一度送ってください。',
    },
    status: 503,
    retryable: true,
  });
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
