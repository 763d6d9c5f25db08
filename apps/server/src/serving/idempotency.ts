import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { JsonValue } from '@kumiki/flow';
import {
  claimIdempotencyKey,
  type Database,
  findIdempotentResponse,
  type IdempotencyAddress,
  recordIdempotentResponse,
  releaseIdempotencyKey,
  renewIdempotencyKey,
} from '@kumiki/store';
import { type Caller, nameCaller } from '../access/caller.ts';

const renewMilliseconds = 10_000;
const longestPauseMilliseconds = 1_000;

/** A request with an idempotency key: who sent what where. The same key with another `body` is refused. */
export type OnceRequest = {
  readonly caller: Caller;
  readonly route: string;
  readonly key: string;
  readonly body: JsonValue;
};

/** Writes a response down within a transaction of whoever makes it, so that it is kept together with what came of it. */
export type RecordResponse = (transaction: Database, response: JsonValue) => Promise<void>;

/**
 * Answers a request once for each idempotency key: the same key gets the same answer for 24 hours, and waits for it
 * where it is being made; `signal` ends such a wait. A request that failed, or whose process died, may be sent again.
 * Throws `idempotency-key-reused` (422).
 */
export async function answerOnce<Answer extends JsonValue>(
  database: Database,
  request: OnceRequest,
  answer: (record: RecordResponse) => Promise<Answer>,
  signal: AbortSignal,
): Promise<JsonValue> {
  const { at, bodyHash } = addressOf(request);
  for (let pause = 50; ; pause = Math.min(pause * 1.5, longestPauseMilliseconds)) {
    const claim = await claimIdempotencyKey(database, at, bodyHash);
    if (claim.state === 'new') break;
    if (claim.response !== null) return claim.response;
    await setTimeout(pause, undefined, { signal });
  }
  const renewing = setInterval(() => {
    // A claim that cannot be renewed now is renewed next time, long before it counts as given up.
    renewIdempotencyKey(database, at).catch(() => {});
  }, renewMilliseconds);
  try {
    const made = await answer((transaction, response) => recordIdempotentResponse(transaction, at, response));
    await recordIdempotentResponse(database, at, made);
    return made;
  } catch (error) {
    await releaseIdempotencyKey(database, at);
    throw error;
  } finally {
    clearInterval(renewing);
  }
}

/**
 * The same for what is only written down: claim, work and response are one transaction, so that nothing is done twice
 * whatever dies. `write` may use the transaction it gets and nothing else.
 */
export async function writeOnce<Written extends JsonValue>(
  database: Database,
  request: OnceRequest,
  write: (transaction: Database) => Promise<Written>,
): Promise<JsonValue> {
  const { at, bodyHash } = addressOf(request);
  return await database.transaction(async (transaction) => {
    const claim = await claimIdempotencyKey(transaction, at, bodyHash);
    if (claim.state === 'known' && claim.response !== null) return claim.response;
    const written = await write(transaction);
    await recordIdempotentResponse(transaction, at, written);
    return written;
  });
}

/** What an equal request was answered with, or null. Throws `idempotency-key-reused` (422). */
export function findAnswer(database: Database, request: OnceRequest): Promise<JsonValue | null> {
  const { at, bodyHash } = addressOf(request);
  return findIdempotentResponse(database, at, bodyHash);
}

function addressOf({ caller, route, key, body }: OnceRequest): { at: IdempotencyAddress; bodyHash: string } {
  const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return {
    at: { workspace: caller.workspace, caller: nameCaller(caller), route, key },
    bodyHash,
  };
}
