import { nameNode } from './check-settings.ts';
import type { FlowDocument, FlowEdge } from './document.ts';
import { type EdgeEnds, findEdgeEnds, findSiblingProblem, makeEdgeProblem } from './edge-problems.ts';
import { type FlowGraph, type NodeTypeDescriptions, readGraph } from './flow-graph.ts';
import { type NamedFlows, noNamedFlows } from './named-flow.ts';
import type { Problem } from './problem.ts';

/**
 * Whether a wire may be added: null, or why not. Looks at the wire alone (ports, kinds, what the input holds already,
 * circles); whether the flow as a whole is sound afterwards is for `checkFlow` to say.
 */
export function canConnect(
  document: FlowDocument,
  nodeTypes: NodeTypeDescriptions,
  edge: Pick<FlowEdge, 'from' | 'to'>,
  flows: NamedFlows = noNamedFlows,
): Problem | null {
  const graph = readGraph(document, nodeTypes, flows);
  const index = document.edges.length;
  const ends = findEdgeEnds(graph, edge, index);
  if ('code' in ends) return ends;
  return findSiblingProblem(graph, ends, index) ?? findCircle(graph, ends, index);
}

function findCircle(graph: FlowGraph, { from, to, source, target }: EdgeEnds, index: number): Problem | null {
  if (!reaches(graph, to.node, from.node)) return null;
  const start = nameNode(source.node, source.description);
  const end = nameNode(target.node, target.description);
  return makeEdgeProblem(index, 'cycle', to.node, {
    en: `This wire would close a circle: “${start.en}” already depends on “${end.en}”.`,
    ja: `この線をつなぐと輪になります。「${start.ja}」はすでに「${end.ja}」の結果を使っています。`,
  });
}

function reaches(graph: FlowGraph, start: string, goal: string): boolean {
  const seen = new Set([start]);
  for (const id of seen) {
    if (id === goal) return true;
    for (const { to } of graph.nodes.get(id)?.outgoing ?? []) seen.add(to.node);
  }
  return false;
}
