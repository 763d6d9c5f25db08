import { findBuild, findProgram, findRetrained } from '@kumiki/engine';
import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { type NewRun, type RunQueue, readBuild, readFlow } from '@kumiki/store';
import { z } from 'zod';
import { freezeDraft } from '../flow-documents.ts';
import { findAnswer, type OnceRequest, writeOnce } from '../serving/idempotency.ts';
import type { ExecutionParts } from './execute-run.ts';
import { findOrigins } from './origins.ts';
import { queueRuns, type RunIntake } from './run-intake.ts';
import { readStoredBuild } from './stored-build.ts';

export type StartParts = ExecutionParts & {
  readonly intake: RunIntake;
  /** Resolves once runs can be put into the queue. */
  readonly openQueue: () => Promise<RunQueue>;
};

type FlowAddress = { readonly workspace: string; readonly flow: string };

/** Enqueues a build of a version, or of the draft, which is frozen first. Throws `flow-invalid`, `version-unknown`, and `node-unknown` or `not-held` where `retrain` names what it may not. */
export async function startBuild(
  parts: StartParts,
  request: FlowAddress & { readonly version?: number | undefined; readonly retrain?: readonly string[] | undefined },
): Promise<{ readonly run: string; readonly version: number }> {
  const { workspace, flow, retrain } = request;
  const version = await choosePlannedVersion(parts, request);
  // For what it throws: the caller hears of it at once, and not by a run that fails.
  if (retrain !== undefined) findRetrained(await parts.plans.find({ workspace, flow, version }), retrain);
  const run = await enqueueRun(parts, {
    workspace,
    kind: 'build',
    flow,
    version,
    ...(retrain === undefined ? {} : { request: { retrain } }),
  });
  return { run, version };
}

export type QuestionRequest = FlowAddress & {
  readonly version?: number | undefined;
  readonly build?: number | undefined;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly output?: string | undefined;
  readonly only?: readonly string[] | undefined;
  /** Where the request has an idempotency key: the same key starts one run. */
  readonly once?: OnceRequest | null;
};

/**
 * Enqueues a question to a version, or to the draft, and gives the run's id. A build that is named brings its own
 * version along. Throws
 * `not-built` where artifacts are missing that the asked outputs need, besides what `startBuild` throws.
 */
export async function startQuestion(parts: StartParts, request: QuestionRequest): Promise<string> {
  const { workspace, flow, inputs, output, only, once = null } = request;
  const { database } = parts;
  // First, since the draft may have changed: an equal request gets what it got, whatever it would get by now.
  const started = once === null ? null : await findAnswer(database, once);
  if (started !== null) return acceptedSchema.parse(started).run;
  const row = request.build === undefined ? null : await readBuild(database, { workspace, flow, build: request.build });
  if (row !== null && request.version !== undefined && row.version !== request.version) {
    throw refuseOtherVersion(row.number, row.version);
  }
  const version = row?.version ?? (await choosePlannedVersion(parts, request));
  const plan = await parts.plans.find({ workspace, flow, version });
  if (only === undefined) {
    const services = parts.bindServices(await findOrigins(database, { workspace, flow, plan }));
    const signal = new AbortController().signal;
    const { artifacts, resources } = parts;
    const build =
      row === null
        ? await findBuild({ plan, workspace, run: crypto.randomUUID(), services, signal, artifacts, resources })
        : readStoredBuild(row);
    findProgram(plan, build, { output });
  }
  const run: NewRun = {
    workspace,
    kind: 'question',
    flow,
    version,
    build: row?.number ?? null,
    inputs,
    request: { ...(output === undefined ? {} : { output }), ...(only === undefined ? {} : { only }) },
  };
  return enqueueRun(parts, run, once);
}

/**
 * Writes a run down and puts it into the queue: both or neither, and once where the request has an idempotency key.
 * Gives the run's id.
 */
export async function enqueueRun(
  { database, openQueue, intake }: StartParts,
  run: NewRun,
  once: OnceRequest | null = null,
): Promise<string> {
  if (once === null) return intake.add(run);
  // Before the transaction: on the embedded database, nothing else can be asked while it is open.
  const queue = await openQueue();
  const accepted = await writeOnce(database, once, async (transaction) => {
    const [id = ''] = await queueRuns(transaction, queue, [run]);
    return { run: id };
  });
  queue.announce(run.kind);
  return acceptedSchema.parse(accepted).run;
}

const acceptedSchema = z.object({ run: z.string() });

/** A version that can be planned: the one that is named, or the draft, which is only frozen where it is sound. */
export async function choosePlannedVersion(
  { database, plans }: StartParts,
  { workspace, flow, version }: FlowAddress & { readonly version?: number | undefined },
): Promise<number> {
  if (version !== undefined) {
    await plans.find({ workspace, flow, version });
    return version;
  }
  const { document } = await readFlow(database, { workspace, flow });
  await plans.plan({ workspace, document });
  return (await freezeDraft(database, { workspace, flow, document })).version.number;
}

function refuseOtherVersion(build: number, version: number): KumikiError {
  return new KumikiError({
    code: 'build-of-other-version',
    status: 422,
    path: '/build',
    message: {
      en: `Build ${build} is one of version ${version}. Name that version, or leave it out.`,
      ja: `構築 ${build} は版 ${version} のものです。版 ${version} を指定するか、版の指定を外してください。`,
    },
  });
}
