import { type FlowDocument, formatFlow, formatPortAddress, parseFlow, parsePortAddress } from '@kumiki/flow';
import { freeNodeId, snap } from './document-edits.ts';

/** The chosen nodes and notes with the wires between them, as a flow document of its own. */
export function cutOut(document: FlowDocument, ids: ReadonlySet<string>): FlowDocument {
  return {
    format: document.format,
    name: document.name,
    nodes: Object.fromEntries(Object.entries(document.nodes).filter(([id]) => ids.has(id))),
    edges: document.edges.filter(
      ({ from, to }) => ids.has(parsePortAddress(from).node) && ids.has(parsePortAddress(to).node),
    ),
    notes: document.notes.filter(({ id }) => ids.has(id)),
    groups: [],
  };
}

/** As text that another flow, another window or a colleague can paste: the flow format itself. */
export function writeClipboard(part: FlowDocument): string {
  return formatFlow(part);
}

/** Reads pasted text: a part of a flow or a whole one. Null where it is anything else. */
export function readClipboard(text: string): FlowDocument | null {
  return parseFlow(text).document;
}

export type Insertion = { readonly document: FlowDocument; readonly inserted: readonly string[] };

/** Puts a part into a document under free ids, moved by `offset`. */
export function insertPart(
  document: FlowDocument,
  part: FlowDocument,
  offset: { readonly x: number; readonly y: number },
): Insertion {
  const move = ({ x, y }: { x: number; y: number }) => snap({ x: x + offset.x, y: y + offset.y });
  const nodes = { ...document.nodes };
  const renamed = new Map<string, string>();
  for (const [id, node] of Object.entries(part.nodes)) {
    const fresh = freeNodeId({ has: (wanted) => wanted in nodes }, node.type);
    renamed.set(id, fresh);
    nodes[fresh] = { ...node, position: move(node.position) };
  }
  const readdress = (address: string) => {
    const { node, port } = parsePortAddress(address);
    return formatPortAddress({ node: renamed.get(node) ?? node, port });
  };
  const edges = part.edges.map(({ from, to }) => ({ from: readdress(from), to: readdress(to) }));
  const noteIds = new Set(document.notes.map(({ id }) => id));
  const notes = part.notes.map((note) => {
    const id = freeNoteId(noteIds);
    noteIds.add(id);
    return { ...note, id, position: move(note.position) };
  });
  return {
    document: { ...document, nodes, edges: [...document.edges, ...edges], notes: [...document.notes, ...notes] },
    inserted: [...renamed.values(), ...notes.map(({ id }) => id)],
  };
}

/** Notes are numbered, so that a document stays readable in a diff. Node ids have no blank in them, note ids do. */
export function freeNoteId(taken: { has(id: string): boolean }): string {
  for (let number = 1; ; number += 1) {
    const id = `note ${number}`;
    if (!taken.has(id)) return id;
  }
}
