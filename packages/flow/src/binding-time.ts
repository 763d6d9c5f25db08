import { type FlowDocument, formatPortAddress } from './document.ts';
import { type FlowGraph, type GraphEdge, type NodeTypeDescriptions, readGraph } from './flow-graph.ts';
import { asksPerItem, type NamedFlows, noNamedFlows } from './named-flow.ts';

/** When a value comes into being: once, while a build is made, or anew for every question. */
export type BindingTime = 'build' | 'request';

export type BindingTimes = {
  readonly nodes: ReadonlyMap<string, BindingTime>;
  /** By `node.port`. A static output is build-time even on a request-time node. */
  readonly outputs: ReadonlyMap<string, BindingTime>;
};

/**
 * What an `input` node reaches is request-time, and so is every `output` node, since an arm answers questions, and every
 * node that asks a flow for each item of a list; the rest is build-time. A node that makes an artifact is always build-time: an input that reaches one is a problem of the
 * flow, and everything behind the artifact keeps the time that it would have without that wire.
 */
export function findBindingTimes(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  flows: NamedFlows = noNamedFlows,
): BindingTimes {
  return bindGraph(readGraph(document, nodeTypes, flows));
}

/** The same for a graph that has been read already. */
export function bindGraph(graph: FlowGraph): BindingTimes {
  const nodes = new Map<string, BindingTime>();
  const outputs = new Map<string, BindingTime>();
  for (const { id, description, ports, incoming } of graph.nodes.values()) {
    const reached = incoming.some((edge) => isRequestTime(edge, nodes, outputs));
    const starts = description.family === 'input' || description.family === 'output' || asksPerItem(description);
    const time = !description.makesArtifact && (starts || reached) ? 'request' : 'build';
    nodes.set(id, time);
    for (const [port, output] of Object.entries(ports.outputs)) {
      outputs.set(formatPortAddress({ node: id, port }), output.static ? 'build' : time);
    }
  }
  return { nodes, outputs };
}

/** A port that is not known (of a flow that is not there, say) comes into being with its node. */
function isRequestTime(
  { from }: GraphEdge,
  nodes: ReadonlyMap<string, BindingTime>,
  outputs: ReadonlyMap<string, BindingTime>,
): boolean {
  return (outputs.get(formatPortAddress(from)) ?? nodes.get(from.node)) === 'request';
}
