import type { FlowGraph } from '@kumiki/flow';
import type { NodeRun, NodeState, RunState, TokenUsage } from '../../run/run-state.ts';
import { isOver } from '../../run/run-state.ts';
import { addUsage, uniteNodeRuns } from '../../run/unite-node-runs.ts';

/** How one arm of a question is coming along. */
export type ArmFigures = {
  readonly state: NodeState;
  /** When its text came first and last, by this machine's clock; null where nothing has streamed. */
  readonly firstTextAt: number | null;
  readonly lastTextAt: number | null;
  /** From the start of the run until it had its answer, in milliseconds. */
  readonly milliseconds: number | null;
  /** Of all models that it asked, those that other arms asked with it included. */
  readonly usage: TokenUsage | null;
};

/** What a run tells of an arm, from its output node and from all that this one hangs on. */
export function measureArm(run: RunState, graph: FlowGraph, output: string | null, arm: string): ArmFigures {
  const told = (output === null ? [] : listUpstream(graph, output)).flatMap(
    (node) => run.nodes[node] ?? uniteNodeRuns(run.nodes, node) ?? [],
  );
  const writers = told.filter(({ text }) => (text[arm] ?? '') !== '');
  const end = output === null ? undefined : run.nodes[output];
  return {
    state: findArmState(run, arm, told, writers),
    firstTextAt: writers.reduce<number | null>((first, node) => least(first, node.firstTextAt), null),
    lastTextAt: writers.reduce<number | null>((last, node) => most(last, node.lastTextAt), null),
    milliseconds:
      run.startedAt === null || end === undefined || end.startedAt === null || end.milliseconds === null
        ? null
        : Math.max(0, end.startedAt + end.milliseconds - run.startedAt),
    usage: told.reduce<TokenUsage | null>((sum, { usage }) => addUsage(sum, usage), null),
  };
}

function findArmState(
  run: RunState,
  arm: string,
  told: readonly NodeRun[],
  writers: readonly NodeRun[],
): ArmFigures['state'] {
  const answer = run.outputs?.[arm];
  if (answer !== undefined) return answer.state === 'answered' ? 'done' : 'skipped';
  if (told.some(({ state }) => state === 'failed')) return 'failed';
  if (isOver(run.phase)) return run.phase === 'failed' ? 'failed' : 'cancelled';
  if (writers.some(({ state }) => state === 'streaming')) return 'streaming';
  return told.some(({ state }) => state === 'running' || state === 'streaming') ? 'running' : 'waiting';
}

/** The node and all that it hangs on. */
function listUpstream(graph: FlowGraph, node: string): readonly string[] {
  const seen = new Set([node]);
  // A set that grows while it is gone through is gone through to its end.
  for (const id of seen) for (const { from } of graph.nodes.get(id)?.incoming ?? []) seen.add(from.node);
  return [...seen];
}

function least(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

function most(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
