import { createMachineLease, createResources, defaultResourceLimits } from '@kumiki/engine';
import {
  createArtifactStore,
  createDocumentIndex,
  createLeaseStore,
  createRunQueue,
  findNewestSequences,
  isAttemptCurrent,
  type RunQueue,
} from '@kumiki/store';
import type { Egress } from '../egress/egress.ts';
import { describeProcess } from '../machine.ts';
import type { EndpointTable } from '../serving/endpoint-table.ts';
import { RunRecorder } from '../serving/run-recorder.ts';
import type { Workbench, WorkbenchParts } from '../workbench.ts';
import { parseOwner } from './execute-run.ts';
import { LiveRuns } from './live-runs.ts';
import { createNodeServices } from './node-services.ts';
import type { Plans } from './plans.ts';
import { RunIntake } from './run-intake.ts';
import { Runner, stopping } from './runner.ts';
import { Scheduler } from './scheduler.ts';
import type { StartParts } from './start-run.ts';

const slots = { build: 1, question: 16, experiment: 1 };
const stopMilliseconds = 5_000;

/** Runs of this process: those that it executes from the queue, and those that endpoints answer at once. */
export type Running = StartParts & {
  readonly live: LiveRuns;
  readonly recorder: RunRecorder;
  /** Aborts when the process stops: streams end, and answers that are under way are cancelled. */
  readonly closing: AbortSignal;
  readonly scheduler: Scheduler;
  /** Begins to execute queued runs, also those that a process that died had begun. */
  startWork(): Promise<void>;
  /** Interrupts what is under way, so that it is tried again, and writes down what has ended. */
  stop(): Promise<void>;
};

type Parts = WorkbenchParts &
  Pick<Workbench, 'descriptions' | 'documents' | 'hosts' | 'room' | 'trainings'> & {
    readonly plans: Plans;
    readonly endpoints: EndpointTable;
    readonly egress: Egress;
  };

export function createRunning(parts: Parts): Running {
  const { store, descriptions, log, plans, endpoints, room } = parts;
  const { database } = store;
  const closing = new AbortController();
  // The embedded database is open in this process only.
  const findNewest =
    store.kind === 'embedded' ? null : (runs: readonly string[]) => findNewestSequences(database, runs);
  const live = new LiveRuns(findNewest, (error) => log.warn({ error }, 'looking for events failed'));
  const recorder = new RunRecorder(database, log);
  const index = createDocumentIndex(database, {
    ...(room !== null && { checkRoom: () => room.check() }),
    async isOwnerAlive(owner) {
      const at = parseOwner(owner);
      return (await isAttemptCurrent(database, at)) && (await (await openQueue()).isWorkedOn(at.run));
    },
  });
  const gpuLease = createMachineLease({
    leases: createLeaseStore(database),
    name: `gpu/${parts.configuration.machine}`,
    holder: describeProcess(),
  });
  const execution = {
    database,
    plans,
    descriptions,
    artifacts: createArtifactStore(database),
    bindServices: createNodeServices({ ...parts, index }),
    resources: createResources(defaultResourceLimits, gpuLease),
    log,
    answerMilliseconds: parts.configuration.answerSeconds * 1_000,
  };
  const runner = new Runner({
    ...execution,
    live,
    onBuild: ({ workspace }) => endpoints.refresh(workspace),
    findHeldMemory: async (workspace, signal) => {
      const { memory, deviceMemory } = await parts.hosts.findHeldMemory(workspace, signal);
      return memory + deviceMemory;
    },
    findWork: (workspace, hosts, signal) => parts.hosts.findWork(workspace, hosts, signal),
  });
  let queue: Promise<RunQueue> | null = null;
  const openQueue = () => {
    queue ??= createRunQueue(store, { onError: (error) => log.error({ error }, 'queue') }).catch((error: unknown) => {
      queue = null;
      throw error;
    });
    return queue;
  };
  const start = { ...execution, intake: new RunIntake(database, openQueue), openQueue };
  const scheduler = new Scheduler(start);
  return {
    ...start,
    scheduler,
    live,
    recorder,
    closing: closing.signal,
    async startWork() {
      const opened = await openQueue();
      await opened.workRuns({ slots, handler: (run, signal) => runner.execute(run, signal) });
      scheduler.start();
    },
    async stop() {
      closing.abort(stopping);
      runner.interruptAll();
      await scheduler.stop();
      await (await queue?.catch(() => null))?.stop({ milliseconds: stopMilliseconds });
      await recorder.close();
    },
  };
}
