import { bindGraph, canonicaliseJson, type FlowDocument, type NodeTypeDescriptions, readGraph } from '@kumiki/flow';

/**
 * Whether two documents prepare the same at build time: the same build-time nodes with the same settings and wires.
 * Titles, positions, and all that works at request time do not matter: they need no new build.
 */
export function hasSameBuildPart(a: FlowDocument, b: FlowDocument, types: NodeTypeDescriptions): boolean {
  return a === b || describeBuildPart(a, types) === describeBuildPart(b, types);
}

function describeBuildPart(document: FlowDocument, types: NodeTypeDescriptions): string {
  const { nodes } = bindGraph(readGraph(document, types));
  const isPrepared = (address: string) => nodes.get(address.slice(0, address.indexOf('.'))) === 'build';
  return JSON.stringify([
    Object.entries(document.nodes)
      .filter(([id]) => nodes.get(id) === 'build')
      .map(([id, { type, version, settings }]) => [id, type, version, canonicaliseJson(settings)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
    document.edges
      .filter(({ to }) => isPrepared(to))
      .map(({ from, to }) => `${from} ${to}`)
      .sort(),
  ]);
}
