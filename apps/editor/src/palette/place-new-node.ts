import type { FlowDocument, Position } from '@kumiki/flow';
import { nodeWidth } from '../canvas/node-geometry.ts';

const step = 24;
/** Room that a node takes, whatever its ports turn out to be. */
const room = { width: nodeWidth + 12, height: 112 } as const;

/** The first free place at or below `wanted`, so that nodes added one after another do not cover each other. */
export function placeNewNode(document: FlowDocument, wanted: Position): Position {
  const taken = Object.values(document.nodes).map(({ position }) => position);
  const isFree = (place: Position) =>
    taken.every(({ x, y }) => Math.abs(x - place.x) >= room.width || Math.abs(y - place.y) >= room.height);
  let place = wanted;
  for (let tries = 0; tries < 200 && !isFree(place); tries += 1) place = { x: place.x, y: place.y + step };
  return place;
}
