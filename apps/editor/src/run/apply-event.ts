import type { NodeRun, NodeState, RunEvent, RunState } from './run-state.ts';
import { applyTrainingReport, endTraining, newTraining, restartTraining } from './training-run.ts';

export const waitingNode: NodeRun = {
  state: 'waiting',
  startedAt: null,
  waitingFor: null,
  progress: null,
  milliseconds: null,
  counts: {},
  sample: {},
  text: {},
  firstTextAt: null,
  lastTextAt: null,
  usage: null,
  warnings: [],
  documentErrors: [],
  error: null,
  training: null,
};

const endStates = {
  succeeded: 'done',
  reused: 'cached',
  skipped: 'skipped',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<Extract<RunEvent, { type: 'node-end' }>['state'], NodeState>;

export function queuedRun(id: string, kind: RunState['kind']): RunState {
  return {
    id,
    kind,
    phase: 'queued',
    startedAt: null,
    endedAt: null,
    nodes: {},
    outputs: null,
    usage: null,
    error: null,
    build: null,
  };
}

/** The run after one more event. `now` (milliseconds) stamps what the events themselves do not. */
export function applyEvent(run: RunState, event: RunEvent, now: number): RunState {
  switch (event.type) {
    case 'run-start':
      // The page of an experiment reads its events itself.
      if (event.kind === 'experiment') return run;
      return { ...run, kind: event.kind, phase: 'running', startedAt: Date.parse(event.at) };
    case 'experiment-progress':
      return run;
    case 'node-start':
      return change(run, event.node, (node) => ({
        ...node,
        state: 'running',
        waitingFor: null,
        startedAt: Date.parse(event.at),
        training: node.training && restartTraining(node.training),
      }));
    case 'node-progress': {
      const { waitingFor, training } = event;
      // Runs of before nodes told it have no such field.
      if (waitingFor) return change(run, event.node, (node) => ({ ...node, state: 'waiting', waitingFor }));
      return change(run, event.node, (node) => ({
        ...node,
        state: node.state === 'streaming' ? 'streaming' : 'running',
        progress: { done: event.done, total: event.total, unit: event.unit },
        training: training ? applyTrainingReport(node.training ?? newTraining, training) : node.training,
      }));
    }
    case 'text-delta':
      return change(run, event.node, (node) => ({
        ...node,
        state: 'streaming',
        text: { ...node.text, [event.output]: (node.text[event.output] ?? '') + event.text },
        firstTextAt: node.firstTextAt ?? now,
        lastTextAt: now,
      }));
    case 'node-end':
      return change(run, event.node, (node) => ({
        ...node,
        state: endStates[event.state],
        waitingFor: null,
        milliseconds: event.milliseconds,
        counts: event.counts,
        sample: event.sample,
        usage: event.usage,
        warnings: event.warnings,
        documentErrors: event.documentErrors.flatMap(({ id, error }) => (error === null ? [] : [{ id, error }])),
        error: event.error,
        training: node.training && endTraining(node.training),
      }));
    case 'run-end':
      return {
        ...run,
        phase: event.state,
        endedAt: Date.parse(event.at),
        nodes: Object.fromEntries(Object.entries(run.nodes).map(([path, node]) => [path, stop(node)])),
        outputs: event.outputs,
        usage: event.usage,
        error: event.error,
        build: event.build,
      };
  }
}

function change(run: RunState, path: string, apply: (node: NodeRun) => NodeRun): RunState {
  return { ...run, nodes: { ...run.nodes, [path]: apply(run.nodes[path] ?? waitingNode) } };
}

/** A node that was still at work when its run ended has been stopped. */
function stop(node: NodeRun): NodeRun {
  if (node.state !== 'running' && node.state !== 'streaming') return node;
  return { ...node, state: 'cancelled', training: node.training && endTraining(node.training) };
}

/** How far a build is, from 0 to 1: finished nodes, and of those at work the part that is done. */
export function measureProgress(run: RunState, planned: number): number {
  let done = 0;
  for (const node of Object.values(run.nodes)) {
    if (node.state === 'running' || node.state === 'streaming') {
      done += node.progress?.total ? Math.min(1, node.progress.done / node.progress.total) : 0;
    } else if (node.state !== 'waiting') done += 1;
  }
  const total = Math.max(planned, Object.keys(run.nodes).length);
  return total === 0 ? 0 : done / total;
}
