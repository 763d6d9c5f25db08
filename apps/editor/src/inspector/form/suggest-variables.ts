import { type FlowDocument, type FlowGraph, readSetting } from '@kumiki/flow';

/** Names that a template of this flow is likely to want: its inputs, and the passages where something finds some. */
export function suggestVariables(document: FlowDocument, graph: FlowGraph): readonly string[] {
  const names = new Set<string>();
  for (const [id, node] of Object.entries(document.nodes)) {
    const description = graph.nodes.get(id)?.description;
    if (description?.family === 'input') {
      const name = readSetting(node, description, 'name');
      const kind = readSetting(node, description, 'kind');
      // The conversation has a port of its own.
      if (typeof name === 'string' && name !== '' && kind !== 'messages') names.add(name);
    }
    const outputs = Object.values(graph.nodes.get(id)?.ports.outputs ?? {});
    if (outputs.some(({ kind }) => kind === 'passages')) names.add('passages');
  }
  return [...names];
}
