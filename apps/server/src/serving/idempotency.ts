import { createHash } from 'node:crypto';
import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import {
  claimIdempotencyKey,
  type Database,
  type IdempotencyAddress,
  recordIdempotentResponse,
  releaseIdempotencyKey,
} from '@kumiki/store';
import type { Caller } from '../access/caller.ts';

/**
 * Answers a request once for each idempotency key: the same key gets the same answer for 24 hours. A request that
 * failed may be sent again. Throws `idempotency-key-reused` (422) and `request-in-progress` (409).
 */
export async function answerOnce<Answer extends JsonValue>(
  database: Database,
  request: {
    readonly caller: Caller;
    readonly route: string;
    readonly key: string;
    readonly body: JsonValue;
  },
  answer: () => Promise<Answer>,
): Promise<JsonValue> {
  const { caller, route, key } = request;
  const at: IdempotencyAddress = {
    workspace: caller.workspace,
    caller: caller.kind === 'key' ? caller.id : caller.kind,
    route,
    key,
  };
  const bodyHash = createHash('sha256').update(JSON.stringify(request.body)).digest('hex');
  const claim = await claimIdempotencyKey(database, at, bodyHash);
  if (claim.state === 'known') {
    if (claim.response === null) throw refuseInProgress();
    return claim.response;
  }
  try {
    const made = await answer();
    await recordIdempotentResponse(database, at, made);
    return made;
  } catch (error) {
    await releaseIdempotencyKey(database, at);
    throw error;
  }
}

function refuseInProgress(): KumikiError {
  return new KumikiError({
    code: 'request-in-progress',
    status: 409,
    retryable: true,
    message: {
      en: 'A request with this Idempotency-Key is being answered right now. Ask again in a moment.',
      ja: 'この Idempotency-Key のリクエストを処理しています。少し待ってから、もう一度お試しください。',
    },
  });
}
