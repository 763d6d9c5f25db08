import { type BindingTimes, bindGraph } from './binding-time.ts';
import { type FlowDocument, formatPortAddress } from './document.ts';
import { type FlowGraph, findOutputKind, type NodeTypeDescriptions, readGraph } from './flow-graph.ts';
import {
  type FlowReference,
  formatFlowReference,
  mostInlinedNodes,
  type NamedFlow,
  type NamedFlowFault,
  type NamedFlows,
  readFlowUse,
} from './named-flow.ts';
import type { OutputPortDescription } from './node-type-description.ts';
import { readSetting } from './read-setting.ts';

/** Deeper than anybody draws. */
const deepestNesting = 8;

/** Versions by `formatFlowReference`. */
export type FlowVersions = ReadonlyMap<string, FlowDocument>;

type Size = { readonly height: number; readonly nodes: number };

const endless: Size = { height: Infinity, nodes: Infinity };

/** Every version that a document names itself, each once. */
export function listFlowReferences(document: FlowDocument, nodeTypes: NodeTypeDescriptions): readonly FlowReference[] {
  const found = new Map<string, FlowReference>();
  for (const node of Object.values(document.nodes)) {
    const description = nodeTypes.get(node.type);
    const use = description === undefined ? null : readFlowUse(node, description);
    if (use !== null) found.set(formatFlowReference(use.reference), use.reference);
  }
  return [...found.values()];
}

/**
 * Reads versions as other flows see them, each when it is first asked for. A flow that names itself is never read.
 * `unread` are those that are still on their way.
 */
export function readNamedFlows(
  versions: FlowVersions,
  nodeTypes: NodeTypeDescriptions,
  unread: ReadonlySet<string> = new Set(),
): NamedFlows {
  const known = new Map<string, NamedFlow | NamedFlowFault>();
  const sizes = new Map<string, Size>();

  const measure = (reference: FlowReference): Size => {
    const key = formatFlowReference(reference);
    const size = sizes.get(key);
    if (size !== undefined) return size;
    const document = versions.get(key);
    if (document === undefined) return { height: 1, nodes: 0 };
    // Whoever comes back here while it is being measured has gone in a circle.
    sizes.set(key, endless);
    const measured = measureUses(document, nodeTypes, measure);
    sizes.set(key, measured);
    return measured;
  };
  const find = (reference: FlowReference): NamedFlow | NamedFlowFault => {
    const key = formatFlowReference(reference);
    const document = versions.get(key);
    if (document === undefined) return unread.has(key) ? 'unread' : 'unknown';
    const { height, nodes } = measure(reference);
    if (height === Infinity) return 'recursive';
    if (height > deepestNesting || nodes > mostInlinedNodes) return 'too-deep';
    return { ...readNamedFlow(document, nodeTypes, flows), size: nodes };
  };
  const flows: NamedFlows = {
    find(reference) {
      const key = formatFlowReference(reference);
      const flow = known.get(key) ?? find(reference);
      known.set(key, flow);
      return flow;
    },
  };
  return flows;
}

/** Whether a flow has anything that is built once, of its own or of the flows that it names. */
export function hasBuildPart({ nodes }: FlowGraph, times: BindingTimes, flows: NamedFlows): boolean {
  return [...nodes.values()].some(({ id, node, description }) => {
    const use = readFlowUse(node, description);
    const named = use === null ? null : flows.find(use.reference);
    return named === null || typeof named === 'string' ? times.nodes.get(id) === 'build' : named.isBuilt;
  });
}

/** Each use counts, since each is a copy. */
function measureUses(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  measure: (reference: FlowReference) => Size,
): Size {
  let height = 1;
  let nodes = 0;
  for (const node of Object.values(document.nodes)) {
    nodes += 1;
    const description = nodeTypes.get(node.type);
    const use = description === undefined ? null : readFlowUse(node, description);
    if (use === null) continue;
    const inner = measure(use.reference);
    height = Math.max(height, inner.height + 1);
    nodes += inner.nodes;
  }
  return { height, nodes };
}

function readNamedFlow(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  flows: NamedFlows,
): Omit<NamedFlow, 'size'> {
  const graph = readGraph(document, nodeTypes, flows);
  const times = bindGraph(graph);
  const inputs: NamedFlow['inputs'][number][] = [];
  const outputs = new Map<string, Readonly<Record<string, OutputPortDescription>>>();
  const needs = new Map<string, ReadonlySet<string>>();
  for (const { id, node, description, ports, incoming } of graph.nodes.values()) {
    const name = readSetting(node, description, 'name');
    if (typeof name !== 'string') continue;
    const [value] = Object.values(ports.outputs);
    if (description.family === 'input' && value !== undefined) {
      const label = readSetting(node, description, 'title');
      const title = typeof label === 'string' && label !== '' ? label : name;
      inputs.push({ name, kind: value.kind, title: { en: title, ja: title } });
    }
    if (description.family !== 'output') continue;
    const arriving: Record<string, OutputPortDescription> = {};
    for (const { from, to } of incoming) {
      const kind = findOutputKind(graph.nodes, from);
      const title = ports.inputs[to.port]?.title;
      if (kind === null || title === undefined) continue;
      arriving[to.port] ??= { kind, title, static: times.outputs.get(formatPortAddress(from)) === 'build' };
    }
    outputs.set(name, arriving);
    needs.set(name, findInputsBehind(graph, id));
  }
  return { document, isBuilt: hasBuildPart(graph, times, flows), inputs, outputs, needs };
}

/** Names of the flow's inputs from which wires lead to a node. */
function findInputsBehind(graph: FlowGraph, node: string): ReadonlySet<string> {
  const seen = new Set([node]);
  const names = new Set<string>();
  for (const id of seen) {
    const found = graph.nodes.get(id);
    for (const { from } of found?.incoming ?? []) seen.add(from.node);
    if (found?.description.family !== 'input') continue;
    const name = readSetting(found.node, found.description, 'name');
    if (typeof name === 'string') names.add(name);
  }
  return names;
}
