import type { FlowDocument } from '@kumiki/flow';

export const workspace = 'default';

export function makeDocument(name: string): FlowDocument {
  return {
    format: 'kumiki/flow@1',
    name,
    nodes: { question: { type: 'input', version: 1, settings: {}, position: { x: 0, y: 0 } } },
    edges: [],
    notes: [],
    groups: [],
  };
}
