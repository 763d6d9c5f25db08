import { bindGraph, type FlowDocument, type GraphNode, type NodeTypeDescriptions, readGraph } from '@kumiki/flow';
import { emptyBody, nodeWidth, placeNode } from '../canvas/node-geometry.ts';
import { placeItems } from './document-edits.ts';

const column = nodeWidth + 46;
/** Between nodes of a column, and between blocks, whose bands reach beyond their nodes. */
const gaps = { row: 24, block: 66 } as const;

/**
 * Gives added nodes their places below what is drawn already, which stays where it is: those of build time in one block,
 * those of request time in another below it, each in columns from left to right.
 */
export function placeAdded(
  document: FlowDocument,
  added: readonly string[],
  nodeTypes: NodeTypeDescriptions,
): FlowDocument {
  const graph = readGraph(document, nodeTypes);
  const times = bindGraph(graph).nodes;
  const isAdded = new Set(added);
  const old = Object.entries(document.nodes).filter(([id]) => !isAdded.has(id));
  const left = Math.min(...old.map(([, { position }]) => position.x));
  let top = Math.max(...old.map(([id, { position }]) => position.y + measureHeight(id, graph.nodes.get(id))));
  const places = new Map<string, { x: number; y: number }>();
  for (const time of ['build', 'request'] as const) {
    const members = added.filter((id) => (times.get(id) ?? 'request') === time);
    if (members.length === 0) continue;
    const columns = findColumns(members, graph.nodes);
    const start = top + gaps.block;
    const ends = new Map<number, number>();
    for (const id of members) {
      const place = columns.get(id) ?? 0;
      const y = ends.get(place) ?? start;
      places.set(id, { x: left + place * column, y });
      ends.set(place, y + measureHeight(id, graph.nodes.get(id)) + gaps.row);
    }
    top = Math.max(...ends.values()) - gaps.row;
  }
  return placeItems(document, places);
}

function measureHeight(id: string, node: GraphNode | undefined): number {
  return placeNode(id, node, { x: 0, y: 0 }, emptyBody).height;
}

/**
 * The column of each member: behind all that feed it, and level with the others of its type, so that what the arms have in
 * common stands one below the other. A type that follows on itself ends the levelling where it has gone round once.
 */
function findColumns(members: readonly string[], nodes: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, number> {
  const columns = new Map<string, number>(members.map((id) => [id, 0]));
  const typeOf = (id: string) => nodes.get(id)?.node.type;
  for (const _ of members) {
    const before = [...columns.values()].join();
    // A graph's nodes come sources first.
    for (const [id, { incoming }] of nodes) {
      if (!columns.has(id)) continue;
      const feeders = incoming.flatMap(({ from }) => columns.get(from.node) ?? []);
      columns.set(id, Math.max(columns.get(id) ?? 0, ...feeders.map((column) => column + 1)));
    }
    for (const peers of Map.groupBy(members, typeOf).values()) {
      const last = Math.max(...peers.map((id) => columns.get(id) ?? 0));
      for (const id of peers) columns.set(id, last);
    }
    if ([...columns.values()].join() === before) break;
  }
  return columns;
}
