import { type RunEvent, runFlow } from '@kumiki/engine';
import type { JsonValue } from '@kumiki/flow';
import { type ErrorReport, KumikiError, reportError, type TokenUsage } from '@kumiki/node-sdk';
import { createId, type IdempotentResponse, nameDatabaseError } from '@kumiki/store';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import type { answerSchema } from '../contract/v1.ts';
import type { CallerPresence } from '../http/caller-presence.ts';
import { describeAnswer, type ExecutionParts, logFailure, type RunOutcome } from '../runs/execute-run.ts';
import { Channel } from './channel.ts';
import { type ConversationCall, keepTurn } from './conversation.ts';
import type { ServedArm, ServedEndpoint } from './endpoint-table.ts';
import { answerOnce, type OnceRequest, type RecordResponse } from './idempotency.ts';
import type { RunRecorder } from './run-recorder.ts';

export type Answer = z.infer<typeof answerSchema>;

export type Question = {
  readonly endpoint: ServedEndpoint;
  readonly arm: ServedArm;
  readonly caller: Caller;
  readonly subject: string | null;
  /** As the request has them. */
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** Where it is part of one: has the inputs with what was said before. */
  readonly conversation: ConversationCall | null;
  readonly signal: AbortSignal;
};

export type AnsweringParts = Pick<
  ExecutionParts,
  'answerMilliseconds' | 'bindServices' | 'database' | 'log' | 'resources'
> & {
  readonly recorder: RunRecorder;
};

/** A question on its way: its text as it comes, and at last its answer. */
export type Answering = {
  readonly run: string;
  readonly text: Channel<string>;
  /** Rejects with a KumikiError that says what went wrong. */
  readonly answer: Promise<Answer>;
};

/**
 * Asks an arm, in memory, and records the run behind the answer. Throws `database-down` where it could not be kept. In a
 * conversation there is no answer before it is remembered; `record` writes it down in the same transaction.
 */
export function askArm(parts: AnsweringParts, question: Question, record: RecordResponse | null = null): Answering {
  parts.recorder.checkPlace();
  const { endpoint, arm, conversation, signal } = question;
  const run = createId();
  const text = new Channel<string>();
  const startedAt = new Date();
  const endAnswer = parts.recorder.beginAnswer(startedAt);
  const emit = (event: RunEvent) => {
    if (event.type === 'text-delta') text.push(event.text);
  };
  // An endpoint's flow may name folders only at build time, so it needs no folder of its own here.
  const services = parts.bindServices(() => null);
  const asked = runFlow({
    plan: arm.plan,
    workspace: endpoint.workspace,
    run,
    services,
    emit,
    signal,
    resources: parts.resources,
    runDeadlineMilliseconds: parts.answerMilliseconds,
    onFailure: logFailure(parts.log, run),
    build: arm.build,
    inputs: conversation?.inputs ?? question.inputs,
    output: arm.route.output,
  });
  const answer = asked
    .then(async (result) => {
      const answered = describeAnswer(result);
      text.end();
      const outcome = await remember(parts, question, { run, outcome: answered, record });
      await recordRun(parts.recorder, question, { run, startedAt, outcome });
      return describeOutcome(outcome, arm, run);
    })
    .finally(endAnswer);
  // Whoever reads the text first looks at the answer later; until then its failure is nobody's surprise.
  answer.catch(() => {});
  return { run, text, answer };
}

/**
 * Asks an arm once for each idempotency key: an equal request gets the same answer. `prepare` is called when it really is
 * asked, which may be after an equal request failed. `waiting` ends the wait for one that another request is making; the
 * caller may come back for it, so the asking itself goes on. Throws `idempotency-key-reused`.
 */
async function askArmOnce(
  parts: AnsweringParts,
  prepare: () => Promise<Question>,
  once: OnceRequest,
  waiting: AbortSignal,
): Promise<Answer> {
  const make = async (record: RecordResponse) => asResponse(await askArm(parts, await prepare(), record).answer);
  // What comes back is what an equal request was answered with.
  return (await answerOnce(parts.database, once, make, waiting)) as unknown as Answer;
}

/**
 * Asks for a caller: what is asked ends when they leave, unless they sent an idempotency key, with which they may come back
 * for the answer. Throws what `prepare` throws, and `idempotency-key-reused`.
 */
export function askForCaller(
  parts: AnsweringParts & { readonly closing: AbortSignal },
  presence: CallerPresence,
  prepare: () => Promise<Omit<Question, 'signal'>>,
  once: OnceRequest | null,
): Promise<Answering> {
  const prepareWith = async (signal: AbortSignal): Promise<Question> => ({ ...(await prepare()), signal });
  const ask = async () =>
    once === null
      ? askArm(parts, await prepareWith(presence.signal))
      : retellAnswer(await askArmOnce(parts, () => prepareWith(parts.closing), once, presence.signal));
  return presence.during(ask());
}

/** An answer that is there already, for whoever wants it as a stream. */
function retellAnswer(answer: Answer): Answering {
  const text = new Channel<string>();
  text.end();
  return { run: answer.run, text, answer: Promise.resolve(answer) };
}

/** An answer is JSON; the contract's types say `unknown` of its values. */
function asResponse(answer: Answer): IdempotentResponse {
  return answer as unknown as IdempotentResponse;
}

/** An answer that cannot be remembered fails: the next call would go on from something else than its caller has seen. */
async function remember(
  parts: AnsweringParts,
  { arm, conversation, subject }: Question,
  made: { readonly run: string; readonly outcome: RunOutcome; readonly record: RecordResponse | null },
): Promise<RunOutcome> {
  const { run, outcome, record } = made;
  if (conversation === null || outcome.state !== 'succeeded') return outcome;
  try {
    await parts.database.transaction(async (transaction) => {
      await keepTurn(transaction, conversation, { route: arm.route, run, subject, outputs: outcome.outputs });
      await record?.(transaction, asResponse(describeOutcome(outcome, arm, run)));
    });
    return outcome;
  } catch (error) {
    const named = nameDatabaseError(error);
    logFailure(parts.log, run)(named, null);
    return { ...outcome, state: 'failed', outputs: null, error: reportError(named) };
  }
}

async function recordRun(
  recorder: RunRecorder,
  { endpoint, arm, caller, subject, inputs, conversation }: Question,
  { run, startedAt, outcome }: { readonly run: string; readonly startedAt: Date; readonly outcome: RunOutcome },
): Promise<void> {
  const { flow, version, build, output } = arm.route;
  await recorder.add({
    run: {
      id: run,
      workspace: endpoint.workspace,
      kind: 'question',
      flow,
      version,
      build,
      request: { output },
      inputs,
      endpoint: endpoint.id,
      arm: output,
      apiKey: caller.kind === 'key' ? caller.id : null,
      subject,
      conversation: conversation?.at.name ?? null,
      startedAt,
      endedAt: new Date(),
    },
    result: {
      state: outcome.state,
      // Outputs are JSON; the contract's types say `unknown` of their values.
      outputs: outcome.outputs as JsonValue,
      error: outcome.error,
      usage: outcome.usage,
    },
  });
}

function describeOutcome(outcome: RunOutcome, arm: ServedArm, run: string): Answer {
  if (outcome.error !== null) throw raiseReport(outcome.error);
  if (outcome.state === 'cancelled') throw refuseCancelled();
  return makeAnswer({ outputs: outcome.outputs, usage: outcome.usage, run, arm: arm.route });
}

/** The answer of a finished run, as `/v1` gives it. A skipped arm answers with null. */
export function makeAnswer(finished: {
  readonly outputs: RunOutcome['outputs'];
  readonly usage: TokenUsage;
  readonly run: string;
  readonly arm: { readonly flow: string; readonly version: number; readonly build: number; readonly output: string };
}): Answer {
  const { run, usage } = finished;
  const { flow, version, build, output } = finished.arm;
  const result = finished.outputs?.[output];
  const arm = { flow, version, build, output };
  if (result?.state !== 'answered') return { output: null, citations: [], usage, run, arm };
  return { output: result.value, citations: result.citations, usage, run, arm };
}

/** Reports carry no status; these are the ones whose cause a caller can tell from its own or the host's. */
const statuses: Readonly<Record<string, number>> = {
  'input-missing': 422,
  'input-wrong-kind': 422,
  'output-unknown': 422,
  'not-built': 409,
  'model-changed': 409,
  'adapter-not-served': 409,
  'model-unknown': 502,
  'model-purpose': 502,
  'model-host-refused': 502,
  'model-host-failed': 502,
  'model-stream-cut': 502,
  'model-host-unknown': 502,
  'model-host-down': 503,
  'model-host-busy': 503,
  'model-host-silent': 504,
  'model-out-of-memory': 503,
  'model-unavailable': 503,
  'database-down': 503,
  'disk-full': 507,
  'model-input-too-long': 422,
  'node-timeout': 504,
  'run-timeout': 504,
  interrupted: 503,
};

/** A report as an error again, with the status that an answer needs. */
export function raiseReport(report: ErrorReport): KumikiError {
  const isDocument = report.code.startsWith('document-');
  return new KumikiError({
    code: report.code,
    message: report.message,
    retryable: report.retryable,
    status: statuses[report.code] ?? (isDocument ? 422 : report.retryable ? 503 : 500),
    ...(report.node === null ? {} : { node: report.node }),
    ...(report.path === null ? {} : { path: report.path }),
  });
}

function refuseCancelled(): KumikiError {
  return new KumikiError({
    code: 'cancelled',
    status: 503,
    retryable: true,
    message: {
      en: 'The question was cancelled before it was answered. Ask again.',
      ja: '回答が終わる前に中止されました。もう一度質問してください。',
    },
  });
}
