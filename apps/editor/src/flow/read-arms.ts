import { type FlowGraph, type GraphNode, type PortAddress, type PortKind, readSetting } from '@kumiki/flow';

/** The four ways to answer that an experiment compares. */
export const armKinds = ['base', 'rag', 'tuned', 'tunedRag'] as const;
export type ArmKind = (typeof armKinds)[number];

/** One arm as it is drawn, from its output back to what feeds the model that answers. */
export type DrawnArm = {
  readonly kind: ArmKind;
  readonly output: GraphNode;
  readonly generator: GraphNode;
  /** Where the model's value comes from, and the prompt's. */
  readonly model: PortAddress;
  readonly prompt: PortAddress;
  /** What was found for the prompt; null where the arm does not retrieve. */
  readonly passages: PortAddress | null;
  /** What made the tuned model; null where it is named, or is none. */
  readonly tuner: GraphNode | null;
};

/** The arms in which a chat model answers. An output that is fed in another way, as by a flow within, is none of them. */
export function readArms(graph: FlowGraph): readonly DrawnArm[] {
  return [...graph.nodes.values()].flatMap((output) => {
    if (output.description.family !== 'output') return [];
    const arm = readArm(graph, output);
    return arm === null ? [] : [arm];
  });
}

function readArm(graph: FlowGraph, output: GraphNode): DrawnArm | null {
  const generator = findBefore(graph, output, (node) => findFeed(graph, node, ['chat-model']) !== null);
  if (generator === null) return null;
  const model = findFeed(graph, generator, ['chat-model']);
  const prompt = findFeed(graph, generator, ['messages', 'text']);
  if (model === null || prompt === null) return null;
  const asks = graph.nodes.get(prompt.node);
  const passages = asks === undefined ? null : findFeed(graph, asks, ['passages']);
  const source = graph.nodes.get(model.node);
  const tuner = source?.description.makesArtifact === true ? source : null;
  const isTuned = tuner !== null || (source !== undefined && namesTuned(source));
  const kind = passages === null ? (isTuned ? 'tuned' : 'base') : isTuned ? 'tunedRag' : 'rag';
  return { kind, output, generator, model, prompt, passages, tuner };
}

/** Whether a model node answers by a tuned model that it names. */
export function namesTuned({ node, description }: GraphNode): boolean {
  const tuned = readSetting(node, description, 'tuned');
  return typeof tuned === 'string' && tuned !== '';
}

/** Where a value of one of these kinds enters a node from; null where none does. */
export function findFeed(graph: FlowGraph, { incoming }: GraphNode, kinds: readonly PortKind[]): PortAddress | null {
  const wire = incoming.find(({ from }) => {
    const kind = graph.nodes.get(from.node)?.ports.outputs[from.port]?.kind;
    return kind !== undefined && kinds.includes(kind);
  });
  return wire?.from ?? null;
}

/** The nearest node on the way to another that is what is looked for. */
export function findBefore(
  graph: FlowGraph,
  { incoming }: GraphNode,
  isWanted: (node: GraphNode) => boolean,
): GraphNode | null {
  const seen = new Set<string>();
  const waiting = incoming.map(({ from }) => from.node);
  for (const id of waiting) {
    const node = graph.nodes.get(id);
    if (node === undefined || seen.has(id)) continue;
    if (isWanted(node)) return node;
    seen.add(id);
    waiting.push(...node.incoming.map(({ from }) => from.node));
  }
  return null;
}
