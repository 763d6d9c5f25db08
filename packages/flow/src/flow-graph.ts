import { type ArrivingKinds, derivePorts, type NodePorts } from './derive-ports.ts';
import { type FlowDocument, type FlowEdge, type FlowNode, type PortAddress, parsePortAddress } from './document.ts';
import { type NamedFlow, type NamedFlows, noNamedFlows, readFlowUse } from './named-flow.ts';
import type { NodeTypeDescription } from './node-type-description.ts';
import type { PortKind } from './port-kinds.ts';

/** Node types by name, as `/api/node-types` serves them. */
export type NodeTypeDescriptions = ReadonlyMap<string, NodeTypeDescription>;

/** A wire whose both nodes exist. `index` is its place in the document. */
export type GraphEdge = { readonly index: number; readonly from: PortAddress; readonly to: PortAddress };

/** A node whose type is known, with its ports and wires. */
export type GraphNode = {
  readonly id: string;
  readonly node: FlowNode;
  readonly description: NodeTypeDescription;
  readonly ports: NodePorts;
  readonly incoming: readonly GraphEdge[];
  readonly outgoing: readonly GraphEdge[];
};

/** A document read as a graph: what the checks, the binding times and the planner start from. */
export type FlowGraph = {
  /** Every node of a known type, sources first; nodes on a cycle come last, in the document's order. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Nodes on a cycle or behind one, in the document's order; empty in a sound flow. */
  readonly cyclic: readonly string[];
};

/**
 * Reads a document as a graph. Edges to nodes or of types that are unknown are left out; `checkFlow` names them. Nodes
 * that name a flow have its ports where `flows` knows it.
 */
export function readGraph(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  flows: NamedFlows = noNamedFlows,
): FlowGraph {
  const descriptions = new Map<string, NodeTypeDescription>();
  for (const [id, node] of Object.entries(document.nodes)) {
    const description = nodeTypes.get(node.type);
    if (description !== undefined) descriptions.set(id, description);
  }
  const edges = document.edges
    .map(readEdge)
    .filter(({ from, to }) => descriptions.has(from.node) && descriptions.has(to.node));
  const incoming = Map.groupBy(edges, ({ to }) => to.node);
  const outgoing = Map.groupBy(edges, ({ from }) => from.node);
  const { order, cyclic } = sortNodes([...descriptions.keys()], incoming, outgoing);

  const nodes = new Map<string, GraphNode>();
  for (const id of [...order, ...cyclic]) {
    const node = document.nodes[id];
    const description = descriptions.get(id);
    if (node === undefined || description === undefined) continue;
    const wires = incoming.get(id) ?? [];
    const ports = derivePorts(node, description, readArrivingKinds(wires, nodes), findNamed(node, description, flows));
    nodes.set(id, { id, node, description, ports, incoming: wires, outgoing: outgoing.get(id) ?? [] });
  }
  return { nodes, cyclic };
}

/** The kind that leaves an output, or null where the node or port does not exist. */
export function findOutputKind(nodes: ReadonlyMap<string, GraphNode>, from: PortAddress): PortKind | null {
  return nodes.get(from.node)?.ports.outputs[from.port]?.kind ?? null;
}

function findNamed(node: FlowNode, description: NodeTypeDescription, flows: NamedFlows): NamedFlow | null {
  const use = readFlowUse(node, description);
  const found = use === null ? null : flows.find(use.reference);
  return typeof found === 'string' ? null : found;
}

function readEdge(edge: FlowEdge, index: number): GraphEdge {
  return { index, from: parsePortAddress(edge.from), to: parsePortAddress(edge.to) };
}

function readArrivingKinds(incoming: readonly GraphEdge[], nodes: ReadonlyMap<string, GraphNode>): ArrivingKinds {
  const arriving: Record<string, PortKind> = {};
  for (const { from, to } of incoming) {
    const kind = findOutputKind(nodes, from);
    if (kind !== null) arriving[to.port] ??= kind;
  }
  return arriving;
}

/** Kahn's algorithm: a node follows when all that feeds it has been placed. */
function sortNodes(
  ids: readonly string[],
  incoming: ReadonlyMap<string, readonly GraphEdge[]>,
  outgoing: ReadonlyMap<string, readonly GraphEdge[]>,
): { order: readonly string[]; cyclic: readonly string[] } {
  const waiting = new Map(ids.map((id) => [id, incoming.get(id)?.length ?? 0]));
  const order = ids.filter((id) => waiting.get(id) === 0);
  for (const id of order) {
    for (const { to } of outgoing.get(id) ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      if (left === 0) order.push(to.node);
    }
  }
  const placed = new Set(order);
  return { order, cyclic: ids.filter((id) => !placed.has(id)) };
}
