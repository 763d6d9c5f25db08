import { createStore } from 'zustand/vanilla';
import { applyEvent, queuedRun } from './apply-event.ts';
import { isOver, type NodeRun, type RunEvent, type RunState } from './run-state.ts';
import { uniteNodeRuns } from './unite-node-runs.ts';

export type RunStoreState = {
  readonly runs: Readonly<Record<string, RunState>>;
  /** What the canvas shows: the last build of build-time nodes, the last question of request-time nodes. */
  readonly shown: { readonly build: string | null; readonly question: string | null };
  readonly expect: (id: string, kind: RunState['kind']) => void;
  readonly receive: (id: string, events: readonly RunEvent[]) => void;
  readonly show: (id: string) => void;
  /** The events of a run cannot be read any more: it is no longer shown as being at work. */
  readonly lose: (id: string) => void;
  readonly clear: (kind: RunState['kind']) => void;
};

export type RunStore = ReturnType<typeof createRunStore>;

/** Live and replayed runs of one open flow. Events arrive in batches, so that a fast model costs one drawing a frame. */
export function createRunStore(now: () => number = Date.now) {
  return createStore<RunStoreState>()((set) => ({
    runs: {},
    shown: { build: null, question: null },
    expect: (id, kind) =>
      set(({ runs, shown }) => ({ runs: { ...runs, [id]: queuedRun(id, kind) }, shown: { ...shown, [kind]: id } })),
    receive: (id, events) =>
      set(({ runs }) => {
        const run = runs[id];
        if (run === undefined) return {};
        const at = now();
        return { runs: { ...runs, [id]: events.reduce((state, event) => applyEvent(state, event, at), run) } };
      }),
    show: (id) =>
      set(({ runs, shown }) => {
        const run = runs[id];
        return run === undefined ? {} : { shown: { ...shown, [run.kind]: id } };
      }),
    lose: (id) =>
      set(({ runs }) => {
        const run = runs[id];
        return run === undefined || isOver(run.phase)
          ? {}
          : { runs: { ...runs, [id]: { ...run, phase: 'cancelled' } } };
      }),
    clear: (kind) => set(({ shown }) => ({ shown: { ...shown, [kind]: null } })),
  }));
}

export function shownRun(state: RunStoreState, kind: RunState['kind']): RunState | null {
  const id = state.shown[kind];
  return id === null ? null : (state.runs[id] ?? null);
}

/** What the canvas shows of a node: the question that touched it, else the build. A flow is told of by its nodes. */
export function shownNodeRun(state: RunStoreState, path: string): NodeRun | null {
  return findNodeRun(shownRun(state, 'question'), path) ?? findNodeRun(shownRun(state, 'build'), path);
}

/** Which run tells of a node's training, and under which path: that of a node within a flow within a flow is longer. */
export function findTrainingRun(state: RunStoreState, path: string) {
  for (const run of [shownRun(state, 'question'), shownRun(state, 'build')]) {
    if (findNodeRun(run, path)?.training == null) continue;
    const paths = Object.keys(run?.nodes ?? {});
    const node = paths.find((id) => (id === path || id.startsWith(`${path}/`)) && run?.nodes[id]?.training != null);
    if (run !== null && node !== undefined) return { run: run.id, node };
  }
  return null;
}

function findNodeRun(run: RunState | null, path: string): NodeRun | null {
  return run === null ? null : (run.nodes[path] ?? uniteNodeRuns(run.nodes, path));
}
