import { bindGraph, canonicaliseJson, type FlowDocument, readFlowUse, readGraph } from '@kumiki/flow';
import type { DrawnFlow } from './derive-flow.ts';

type Types = Pick<DrawnFlow, 'nodeTypes' | 'namedFlows'>;

/**
 * Whether two documents prepare the same at build time: the same build-time nodes with the same settings and wires.
 * Titles, positions, and all that works at request time do not matter: they need no new build. A node that names a flow
 * may have something of it built, whenever it works itself: then it matters which flow that is.
 */
export function hasSameBuildPart(a: FlowDocument, b: FlowDocument, types: Types): boolean {
  return a === b || describeBuildPart(a, types) === describeBuildPart(b, types);
}

function describeBuildPart(document: FlowDocument, { nodeTypes, namedFlows }: Types): string {
  const graph = readGraph(document, nodeTypes, namedFlows);
  const { nodes } = bindGraph(graph);
  const isPrepared = (address: string) => nodes.get(address.slice(0, address.indexOf('.'))) === 'build';
  return JSON.stringify([
    Object.entries(document.nodes)
      .flatMap(([id, node]) => {
        const { type, version, settings } = node;
        if (nodes.get(id) === 'build') return [[id, type, version, canonicaliseJson(settings)] as const];
        const description = graph.nodes.get(id)?.description;
        const use = description === undefined ? null : readFlowUse(node, description);
        return use === null ? [] : [[id, type, version, JSON.stringify([use.reference, use.output])] as const];
      })
      .sort(([one], [other]) => (one < other ? -1 : 1)),
    document.edges
      .filter(({ to }) => isPrepared(to))
      .map(({ from, to }) => `${from} ${to}`)
      .sort(),
  ]);
}
