import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type FlowNote,
  type JsonValue,
  type LocalisedText,
  type NodeTypeDescription,
  type Position,
  parsePortAddress,
} from '@kumiki/flow';
import { edgeId } from './edge-id.ts';

/** Edits of a document: each gives a new document, or the very same one where nothing changes. */

/** Nodes and wires lie on a grid of 6: a port row is 18 high, so ports of neighbours can be level. */
export const gridStep = 6;

export function snap({ x, y }: Position): Position {
  return { x: Math.round(x / gridStep) * gridStep, y: Math.round(y / gridStep) * gridStep };
}

/** A node of a type as it is when new: only what differs from the type's defaults is written out. */
export function makeNode(
  description: NodeTypeDescription,
  position: Position,
  language: keyof LocalisedText,
): FlowNode {
  const texts = Object.entries(description.initialTexts).map(([name, text]) => [name, text[language]] as const);
  return {
    type: description.type,
    version: description.version,
    settings: { ...description.initial, ...Object.fromEntries(texts) },
    position: snap(position),
  };
}

/** A readable id: the last word of the type, with a number where it is taken. */
export function freeNodeId(taken: { has(id: string): boolean }, type: string): string {
  const word = type.slice(type.lastIndexOf('/') + 1);
  if (!taken.has(word)) return word;
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${word}-${number}`)) return `${word}-${number}`;
  }
}

export function putNode(document: FlowDocument, id: string, node: FlowNode): FlowDocument {
  return { ...document, nodes: { ...document.nodes, [id]: node } };
}

export function changeNode(document: FlowDocument, id: string, change: (node: FlowNode) => FlowNode): FlowDocument {
  const node = document.nodes[id];
  if (node === undefined) return document;
  const changed = change(node);
  return changed === node ? document : putNode(document, id, changed);
}

/** `undefined` takes the setting away, so that its default holds again. */
export function setSetting(
  document: FlowDocument,
  { node: id, name, value }: { readonly node: string; readonly name: string; readonly value: JsonValue | undefined },
): FlowDocument {
  return changeNode(document, id, (node) => {
    if (node.settings[name] === value) return node;
    const { [name]: _, ...rest } = node.settings;
    return { ...node, settings: value === undefined ? rest : { ...rest, [name]: value } };
  });
}

/** An empty title gives the node its type's name back. */
export function setTitle(document: FlowDocument, id: string, title: string): FlowDocument {
  const trimmed = title.trim();
  return changeNode(document, id, (node) => {
    if ((node.title ?? '') === trimmed) return node;
    const { title: _, ...rest } = node;
    return trimmed === '' ? rest : { ...rest, title: trimmed };
  });
}

/** Places nodes and notes, by id. */
export function placeItems(document: FlowDocument, positions: ReadonlyMap<string, Position>): FlowDocument {
  let changed = false;
  const move = <Item extends FlowNode | FlowNote>(id: string, item: Item): Item => {
    const wanted = positions.get(id);
    if (wanted === undefined) return item;
    const position = snap(wanted);
    if (position.x === item.position.x && position.y === item.position.y) return item;
    changed = true;
    return { ...item, position };
  };
  const nodes = Object.fromEntries(Object.entries(document.nodes).map(([id, node]) => [id, move(id, node)]));
  const notes = document.notes.map((note) => move(note.id, note));
  return changed ? { ...document, nodes, notes } : document;
}

export function addEdge(document: FlowDocument, edge: FlowEdge): FlowDocument {
  const id = edgeId(edge);
  if (document.edges.some((other) => edgeId(other) === id)) return document;
  return { ...document, edges: [...document.edges, { from: edge.from, to: edge.to }] };
}

export function removeEdges(document: FlowDocument, ids: ReadonlySet<string>): FlowDocument {
  const edges = document.edges.filter((edge) => !ids.has(edgeId(edge)));
  return edges.length === document.edges.length ? document : { ...document, edges };
}

/** Removes nodes and notes, and with the nodes their wires and their places in groups. */
export function removeItems(document: FlowDocument, ids: ReadonlySet<string>): FlowDocument {
  const notes = document.notes.filter(({ id }) => !ids.has(id));
  const nodes = Object.fromEntries(Object.entries(document.nodes).filter(([id]) => !ids.has(id)));
  const nodeCount = Object.keys(document.nodes).length;
  if (notes.length === document.notes.length && Object.keys(nodes).length === nodeCount) return document;
  return {
    ...document,
    nodes,
    notes,
    edges: document.edges.filter(
      ({ from, to }) => !ids.has(parsePortAddress(from).node) && !ids.has(parsePortAddress(to).node),
    ),
    groups: document.groups
      .map((group) => ({ ...group, nodes: group.nodes.filter((id) => !ids.has(id)) }))
      .filter((group) => group.nodes.length > 0),
  };
}

export function changeNote(document: FlowDocument, id: string, change: (note: FlowNote) => FlowNote): FlowDocument {
  let changed = false;
  const notes = document.notes.map((note) => {
    if (note.id !== id) return note;
    const next = change(note);
    changed ||= next !== note;
    return next;
  });
  return changed ? { ...document, notes } : document;
}
