import {
  type FlowDocument,
  formatPortAddress,
  isPortName,
  type NodeTypeDescription,
  parsePortAddress,
  readEntryNames,
} from '@kumiki/flow';

/**
 * Takes wires along when outputs are renamed: an output that stands for an entry of a list is addressed by the entry's
 * name. `before` is the document as it was, `after` the same with other settings of one node. A wire whose output has no
 * name for the moment, because it is being typed, waits for the next one.
 */
export function renameOutputs(
  before: FlowDocument,
  after: FlowDocument,
  id: string,
  description: NodeTypeDescription,
): FlowDocument {
  const [old, changed] = [before.nodes[id], after.nodes[id]];
  if (old === undefined || changed === undefined) return after;
  const renamed = new Map<string, string>();
  for (const rule of description.portRules) {
    if (rule.rule !== 'outputs-from-list') continue;
    const [names, newNames] = [old, changed].map((node) => readEntryNames(node, description, rule));
    if (names === undefined || newNames === undefined || names.length !== newNames.length) continue;
    const waiting = findNameless(before, id, description, names);
    for (const [place, name] of newNames.entries()) {
      const from = names[place] ?? waiting;
      const isFree = name !== null && isPortName(name) && !names.includes(name);
      if (from !== null && from !== name && isFree) renamed.set(from, name);
    }
  }
  if (renamed.size === 0) return after;
  return {
    ...after,
    edges: after.edges.map((edge) => {
      const { node, port } = parsePortAddress(edge.from);
      const name = node === id ? renamed.get(port) : undefined;
      return name === undefined ? edge : { ...edge, from: formatPortAddress({ node, port: name }) };
    }),
  };
}

/** The one output that has a wire and is no output any more; null where there is none, or more than one. */
function findNameless(
  document: FlowDocument,
  id: string,
  description: NodeTypeDescription,
  names: readonly (string | null)[],
): string | null {
  const lost = new Set(
    document.edges
      .map(({ from }) => parsePortAddress(from))
      .filter(({ node, port }) => node === id && !names.includes(port) && !Object.hasOwn(description.outputs, port))
      .map(({ port }) => port),
  );
  const [only = null] = lost;
  return lost.size === 1 ? only : null;
}
