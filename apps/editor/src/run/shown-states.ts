import type { BindingTime, FlowGraph } from '@kumiki/flow';
import { waitingNode } from './apply-event.ts';
import type { NodeRun } from './run-state.ts';
import { isOver } from './run-state.ts';
import { type RunStoreState, shownNodeRun, shownRun } from './run-store.ts';

/**
 * What the canvas shows of every node: the runs' word, and `waiting` for nodes that a run at work has yet to reach.
 * A node that no shown run concerns is left out.
 */
export function listShownNodes(
  state: RunStoreState,
  graph: FlowGraph,
  times: ReadonlyMap<string, BindingTime>,
): ReadonlyMap<string, NodeRun> {
  const shown = new Map<string, NodeRun>();
  const working = {
    build: isWorking(state, 'build'),
    request: isWorking(state, 'question'),
  };
  for (const id of graph.nodes.keys()) {
    const run = shownNodeRun(state, id);
    if (run !== null) shown.set(id, run);
    else if (working[times.get(id) ?? 'build']) shown.set(id, waitingNode);
  }
  return shown;
}

function isWorking(state: RunStoreState, kind: 'build' | 'question'): boolean {
  const run = shownRun(state, kind);
  return run !== null && !isOver(run.phase);
}
