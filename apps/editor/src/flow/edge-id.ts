import type { FlowEdge } from '@kumiki/flow';

/** Edges have no id in the document: their two ends are one. */
export function edgeId(edge: Pick<FlowEdge, 'from' | 'to'>): string {
  return `${edge.from}→${edge.to}`;
}
