import type { BindingTime } from '@kumiki/flow';
import { waitingNode } from './apply-event.ts';
import { isOver, type NodeRun } from './run-state.ts';
import { type RunStoreState, shownNodeRun, shownRun } from './run-store.ts';

/**
 * What the canvas shows of a node: the runs' word, and `waiting` where a run at work has yet to reach it. Null where no
 * shown run concerns it.
 */
export function findShownNode(state: RunStoreState, path: string, time: BindingTime): NodeRun | null {
  const told = shownNodeRun(state, path);
  if (told !== null) return told;
  const run = shownRun(state, time === 'build' ? 'build' : 'question');
  return run !== null && !isOver(run.phase) ? waitingNode : null;
}

/** The same for every node; nodes that no shown run concerns are left out. */
export function listShownNodes(
  state: RunStoreState,
  times: ReadonlyMap<string, BindingTime>,
): ReadonlyMap<string, NodeRun> {
  const shown = new Map<string, NodeRun>();
  for (const [id, time] of times) {
    const run = findShownNode(state, id, time);
    if (run !== null) shown.set(id, run);
  }
  return shown;
}
