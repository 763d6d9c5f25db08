import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import {
  claimIdempotencyKey,
  type Database,
  findIdempotentResponse,
  type HeldIdempotencyKey,
  type IdempotencyAddress,
  type IdempotentResponse,
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

/**
 * Writes a response down within a transaction of whoever makes it, so that it is kept together with what came of it.
 * Whoever uses it gives that response once the transaction is through, and fails where it is not.
 */
export type RecordResponse = (transaction: Database, response: IdempotentResponse) => Promise<void>;

/**
 * Answers a request once for each idempotency key: the same key gets the same answer for 24 hours, and waits for it
 * where it is being made; `signal` ends such a wait. A request that failed, or whose process died, may be sent again.
 * Throws `idempotency-key-reused` (422).
 */
export async function answerOnce(
  database: Database,
  request: OnceRequest,
  answer: (record: RecordResponse) => Promise<IdempotentResponse>,
  signal: AbortSignal,
): Promise<JsonValue> {
  const { at, bodyHash } = addressOf(request);
  for (let pause = 50; ; pause = Math.min(pause * 1.5, longestPauseMilliseconds)) {
    const claim = await claimIdempotencyKey(database, at, bodyHash);
    if (claim.state === 'known') {
      if (claim.response !== null) return claim.response;
    } else {
      const answered = await answerHeld(database, claim.held, answer);
      if (answered !== null) return answered;
    }
    await setTimeout(pause, undefined, { signal });
  }
}

/** Null where the claim was lost meanwhile: the answer is whatever the one makes who took it over. */
async function answerHeld(
  database: Database,
  held: HeldIdempotencyKey,
  answer: (record: RecordResponse) => Promise<IdempotentResponse>,
): Promise<JsonValue | null> {
  const renewing = setInterval(() => {
    // A claim that cannot be renewed now is renewed next time, long before it counts as given up.
    renewIdempotencyKey(database, held).catch(() => {});
  }, renewMilliseconds);
  let isRecorded = false;
  try {
    const made = await answer(async (transaction, response) => {
      await recordIdempotentResponse(transaction, held, response);
      isRecorded = true;
    });
    if (!isRecorded) await recordIdempotentResponse(database, held, made);
    return made;
  } catch (error) {
    if (error instanceof KumikiError && error.code === 'idempotency-claim-lost') return null;
    await releaseIdempotencyKey(database, held);
    throw error;
  } finally {
    clearInterval(renewing);
  }
}

/**
 * The same for what is only written down: claim, work and response are one transaction, so that nothing is done twice
 * whatever dies. `write` may use the transaction it gets and nothing else.
 */
export async function writeOnce(
  database: Database,
  request: OnceRequest,
  write: (transaction: Database) => Promise<IdempotentResponse>,
): Promise<JsonValue> {
  const { at, bodyHash } = addressOf(request);
  return await database.transaction(async (transaction) => {
    const claim = await claimIdempotencyKey(transaction, at, bodyHash);
    if (claim.state === 'known') {
      // What is written down is claimed and answered at once; only `answerOnce` leaves a claim without a response, and
      // requests of the two differ in their body.
      if (claim.response === null) throw new Error('an idempotency key is claimed by a request that is answered');
      return claim.response;
    }
    const written = await write(transaction);
    await recordIdempotentResponse(transaction, claim.held, written);
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
