import { KumikiError, reportError } from '@kumiki/node-sdk';
import {
  appendRunEvents,
  claimRun,
  type Database,
  findAttemptsToStop,
  finishRun,
  insertBuild,
  listRunEvents,
  type RunAttempt,
  type RunRow,
  readLastSequence,
} from '@kumiki/store';
import { type ExperimentParts, runExperiment } from '../experiments/run-experiment.ts';
import { keepTurn } from '../serving/conversation.ts';
import { describeEvent } from './contract-events.ts';
import { EventLog, type NumberedEvent, type RunEvent } from './event-log.ts';
import { executeRun, interrupted, type RunOutcome } from './execute-run.ts';
import type { LiveRuns } from './live-runs.ts';
import { storeBuild } from './stored-build.ts';

/** Generous, since a stop in good order counts too. */
const mostAttempts = 10;
/** Events of an attempt that were shown but not archived when its process died keep their numbers to themselves. */
const numbersBetweenAttempts = 1_000_000;
const stopCheckMilliseconds = 500;
/** What says nothing of the run, but of where it was executed: it is tried again, and goes on from what was made. */
const passingCodes: ReadonlySet<string> = new Set(['database-down', 'generation-taken-over', 'gpu-lease-lost']);

/** Why a run is aborted. Only a run that was cancelled has ended; one that is interrupted is tried again. */
export const cancelled = new DOMException('The run was cancelled', 'AbortError');
export const stopping = new DOMException('Kumiki is stopping', 'AbortError');
const takenOver = new DOMException('Another worker has the run', 'AbortError');

export type RunnerOptions = ExperimentParts & {
  readonly live: LiveRuns;
  /** After a build was numbered, and its endpoints moved in the database. */
  readonly onBuild: (build: { readonly workspace: string; readonly flow: string }) => Promise<void>;
};

/** Executes queued runs and writes down what they tell. */
export class Runner {
  readonly #options: RunnerOptions;
  #watch: NodeJS.Timeout | null = null;
  #isStopping = false;
  readonly #attempts = new Set<RunAttempt & { readonly controller: AbortController }>();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Executes one run to its end. Rejects where it has to be tried again; `jobSignal` says that it was taken away. */
  async execute(run: string, jobSignal: AbortSignal): Promise<void> {
    if (this.#isStopping) throw stopping;
    const { database, live, log } = this.#options;
    const row = await claimRun(database, run);
    if (row === null) return;
    const { id, attempt } = row;
    const last = attempt === 1 ? 0 : await readLastSequence(database, id);
    const at = { run: id, attempt };
    const archive = {
      append: (_: string, events: readonly NumberedEvent[]) => appendRunEvents(database, at, toRows(events)),
      list: async (_: string, after: number, limit: number) =>
        (await listRunEvents(database, { run: id, after, limit })).map(({ sequence, event }) => ({
          sequence,
          event: event as RunEvent,
        })),
    };
    const events = new EventLog(id, archive, last, attempt === 1 ? 0 : numbersBetweenAttempts);
    const controller = new AbortController();
    const onTaken = () => controller.abort(jobSignal.reason ?? takenOver);
    jobSignal.addEventListener('abort', onTaken, { once: true });
    live.open(events, controller);
    const executing = { ...at, controller };
    this.#attempts.add(executing);
    this.#startWatch();
    try {
      const outcome = await this.#execute(row, events, controller.signal);
      const { reason } = controller.signal;
      if (controller.signal.aborted && reason !== cancelled) throw reason;
      if (passingCodes.has(outcome.error?.code ?? '')) throw new Error(`Not at its end yet: ${outcome.error?.code}`);
      await this.#finish(row, outcome, events);
      log.info({ run: id, kind: row.kind, state: outcome.state, code: outcome.error?.code }, 'run ended');
    } catch (error) {
      if (error instanceof KumikiError && error.code === 'run-taken-over') return;
      throw error;
    } finally {
      jobSignal.removeEventListener('abort', onTaken);
      this.#attempts.delete(executing);
      live.close(events);
      if (this.#attempts.size === 0) this.#stopWatch();
    }
  }

  async #execute(row: RunRow, events: EventLog, signal: AbortSignal): Promise<RunOutcome> {
    if (row.attempt > mostAttempts) return endWithout('failed', reportError(interrupted()));
    // Between two attempts nobody has a run in hand who could be told.
    if (row.cancelRequestedAt !== null) return endWithout('cancelled', null);
    if (row.kind === 'experiment') return runExperiment(this.#options, row, (event) => events.append(event), signal);
    return await executeRun(this.#options, row, (event) => events.append(describeEvent(event)), signal);
  }

  /** Aborts all that is under way, so that it is tried again after the next start. */
  interruptAll(): void {
    this.#isStopping = true;
    for (const { controller } of this.#attempts) controller.abort(stopping);
  }

  /** The last events, the numbered build, the turn of a conversation and the end of the run: all or none. */
  async #finish(row: RunRow, outcome: RunOutcome, events: EventLog): Promise<void> {
    const { database } = this.#options;
    const { id, attempt, workspaceId: workspace, flowId: flow, version } = row;
    const at = { run: id, attempt };
    const { unsaved, lastSequence } = await events.takeRest();
    const { made } = outcome;
    const turn = prepareTurn(row, outcome);
    const write = async (transaction: Database, build: number | null) => {
      const end = { sequence: lastSequence, event: describeEnd(outcome, build ?? row.build) };
      const result = {
        state: outcome.state,
        // Outputs are JSON; the contract's types say `unknown` of their values.
        outputs: outcome.outputs as never,
        error: outcome.error,
        usage: outcome.usage,
        ...(build === null ? {} : { build }),
      };
      await finishRun(transaction, at, result, toRows([...unsaved, end]));
      return end;
    };
    const writeAll = async (transaction: Database) => {
      const build =
        made === null
          ? null
          : await insertBuild(transaction, {
              ...{ workspace, flow, version, run: id },
              ...storeBuild(made.build, made.plan),
            });
      const end = await write(transaction, build?.number ?? null);
      if (turn !== null) await turn(transaction);
      return end;
    };
    // One statement is a transaction of its own.
    const last = made === null && turn === null ? await write(database, null) : await database.transaction(writeAll);
    if (outcome.made !== null) await this.#options.onBuild({ workspace, flow });
    events.end(last);
  }

  /** Cancellations may be asked of another process, so the database is asked about what runs here. */
  #startWatch(): void {
    this.#watch ??= setInterval(() => {
      const attempts = [...this.#attempts];
      findAttemptsToStop(this.#options.database, attempts)
        .then((stops) => {
          for (const { run, attempt, reason } of stops) {
            const stopped = attempts.find((one) => one.run === run && one.attempt === attempt);
            stopped?.controller.abort(reason === 'cancel-requested' ? cancelled : takenOver);
          }
        })
        .catch((error: unknown) => this.#options.log.warn({ error }, 'looking for cancelled runs failed'));
    }, stopCheckMilliseconds);
  }

  #stopWatch(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
  }
}

/** What keeps the turn of a conversation; null where there is none to keep. */
function prepareTurn(
  { id: run, flowId: flow, version, request: { output }, subject }: RunRow,
  { conversation, outputs, state }: RunOutcome,
): ((transaction: Database) => Promise<void>) | null {
  if (conversation === undefined || output === undefined || state !== 'succeeded') return null;
  const turn = { route: { flow, version, output }, run, subject, outputs };
  return (transaction) => keepTurn(transaction, conversation, turn);
}

function endWithout(state: 'failed' | 'cancelled', error: RunOutcome['error']): RunOutcome {
  return { state, outputs: null, usage: { promptTokens: 0, completionTokens: 0 }, error, made: null };
}

function describeEnd({ state, outputs, usage, error }: RunOutcome, build: number | null): RunEvent {
  const at = new Date().toISOString();
  return { type: 'run-end', state, outputs, usage, error: error === null ? null : { ...error }, build, at };
}

function toRows(events: readonly NumberedEvent[]) {
  // Events are JSON; the contract's types say `unknown` of values inside.
  return events.map(({ sequence, event }) => ({ sequence, event: event as never }));
}
