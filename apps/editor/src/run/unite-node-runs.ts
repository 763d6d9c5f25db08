import { waitingNode } from './apply-event.ts';
import type { NodeRun, NodeState, RunState, TokenUsage } from './run-state.ts';

/** The one that says most of the whole comes first. */
const tellingStates = ['failed', 'streaming', 'running', 'cancelled', 'done', 'cached', 'skipped', 'waiting'] as const;

/** Asked at every drawing, and answered anew only when a node has told something. */
const united = new WeakMap<RunState['nodes'], Map<string, NodeRun | null>>();

/** What the nodes of the flow that stands below a path have told, as one; null where they have told nothing. */
export function uniteNodeRuns(nodes: RunState['nodes'], path: string): NodeRun | null {
  const known = united.get(nodes) ?? new Map<string, NodeRun | null>();
  united.set(nodes, known);
  const found = known.get(path);
  if (found !== undefined) return found;
  const inner = Object.entries(nodes).flatMap(([id, node]) => (id.startsWith(`${path}/`) ? [node] : []));
  const whole = inner.length === 0 ? null : unite(inner);
  known.set(path, whole);
  return whole;
}

function unite(nodes: readonly NodeRun[]): NodeRun {
  const states = new Set<NodeState>(nodes.map(({ state }) => state));
  const state = tellingStates.find((telling) => states.has(telling)) ?? 'waiting';
  const starts = nodes.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = nodes.flatMap(({ startedAt, milliseconds }) =>
    startedAt === null || milliseconds === null ? [] : [startedAt + milliseconds],
  );
  const startedAt = starts.length === 0 ? null : Math.min(...starts);
  const isAtWork = states.has('running') || states.has('streaming');
  return {
    ...waitingNode,
    state,
    waitingFor: state === 'waiting' ? (nodes.find(({ waitingFor }) => waitingFor !== null)?.waitingFor ?? null) : null,
    startedAt,
    milliseconds: isAtWork || startedAt === null || ends.length === 0 ? null : Math.max(...ends) - startedAt,
    usage: nodes.reduce<TokenUsage | null>((sum, { usage }) => addUsage(sum, usage), null),
    warnings: nodes.flatMap(({ warnings }) => warnings),
    documentErrors: nodes.flatMap(({ documentErrors }) => documentErrors),
    error: nodes.find(({ error }) => error !== null)?.error ?? null,
    training: nodes.find(({ training }) => training !== null)?.training ?? null,
  };
}

export function addUsage(one: TokenUsage | null, other: TokenUsage | null): TokenUsage | null {
  if (one === null || other === null) return one ?? other;
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  };
}
