import {
  type Box,
  findCrossing,
  hitsBox,
  listSegments,
  overlapLength,
  type Point,
  type Segment,
  segmentLength,
  simplify,
} from './wire-geometry.ts';

/** A wire to be laid. Wires of one net leave the same output and may share a trunk. */
export type WireEnds = {
  readonly id: string;
  readonly net: string;
  /** The input that it arrives at: wires of a stream may meet in front of it. */
  readonly goal: string;
  readonly start: Point;
  readonly end: Point;
};

type Laid = { readonly wire: WireEnds; readonly segments: readonly Segment[] };

/** A wire keeps this far from nodes. */
const clearance = 5;
/** Lanes beside nodes, in pixels from their outline, the best one first. */
const lanes = [17, 11, 23] as const;
/** How far from its ports a wire may look for a lane, beyond the nearest ones. */
const nearby = 220;

const costs = { bend: 26, blocked: 4_000, crossing: 24, doubled: 9, sharedTrunk: -0.45 } as const;

/**
 * Lays wires in straight pieces with right angles: off the nodes, few bends, few crossings, no two nets in one lane.
 * Short wires go first. Wires whose way is blocked everywhere go the least bad way.
 */
export function routeWires(wires: readonly WireEnds[], boxes: readonly Box[]): ReadonlyMap<string, readonly Point[]> {
  const obstacles = boxes.map(({ left, top, right, bottom }) => ({
    left: left - clearance,
    top: top - clearance,
    right: right + clearance,
    bottom: bottom + clearance,
  }));
  const columns = unique(boxes.flatMap(({ left, right }) => lanes.flatMap((lane) => [left - lane, right + lane])));
  const rows = unique(boxes.flatMap(({ top, bottom }) => lanes.flatMap((lane) => [top - lane, bottom + lane])));
  const laid: Laid[] = [];
  const routes = new Map<string, readonly Point[]>();
  for (const wire of [...wires].sort((a, b) => span(a) - span(b))) {
    const route = findRoute(wire, { obstacles, columns, rows, laid });
    routes.set(wire.id, route);
    laid.push({ wire, segments: listSegments(route) });
  }
  return routes;
}

type Ground = {
  readonly obstacles: readonly Box[];
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly laid: readonly Laid[];
};

function findRoute(wire: WireEnds, ground: Ground): readonly Point[] {
  const { start, end } = wire;
  let best: readonly Point[] = [start, { x: end.x, y: start.y }, end];
  let bestCost = Number.POSITIVE_INFINITY;
  const consider = (points: readonly Point[]) => {
    const route = simplify(points);
    const cost = measureRoute(route, wire, ground, bestCost);
    if (cost < bestCost) {
      bestCost = cost;
      best = route;
    }
  };

  if (start.y === end.y && start.x < end.x) consider([start, end]);
  const middle = Math.round((start.x + end.x) / 2);
  for (const x of [middle, ...ground.columns]) {
    if (x > start.x + 2 && x < end.x - 2) consider([start, { x, y: start.y }, { x, y: end.y }, end]);
  }
  // With one or two bends and nothing in the way, a longer route cannot be better.
  if (bestCost < span(wire) + 3 * costs.bend) return best;

  const leaving = nearest(ground.columns, start.x + 2, 1);
  const arriving = nearest(ground.columns, end.x - 2, -1);
  const low = Math.min(start.y, end.y) - nearby;
  const high = Math.max(start.y, end.y) + nearby;
  for (const y of ground.rows) {
    if (y < low || y > high) continue;
    for (const x1 of leaving) {
      for (const x2 of arriving) {
        consider([start, { x: x1, y: start.y }, { x: x1, y }, { x: x2, y }, { x: x2, y: end.y }, end]);
      }
    }
  }
  return best;
}

/** Length, and what is unwelcome on the way. Gives up early where it cannot be better than `limit`. */
function measureRoute(route: readonly Point[], wire: WireEnds, { obstacles, laid }: Ground, limit: number): number {
  const segments = listSegments(route);
  let cost = (segments.length - 1) * costs.bend;
  for (const segment of segments) cost += segmentLength(segment);
  // A shared trunk can win back at most this much.
  if (cost * (1 + costs.sharedTrunk) >= limit) return Number.POSITIVE_INFINITY;
  for (const segment of segments) {
    for (const box of obstacles) if (hitsBox(segment, box)) cost += costs.blocked;
  }
  if (cost >= limit + costs.blocked) return Number.POSITIVE_INFINITY;
  for (const other of laid) {
    const related = other.wire.net === wire.net || other.wire.goal === wire.goal;
    for (const piece of other.segments) {
      for (const segment of segments) {
        const overlap = overlapLength(segment, piece);
        if (overlap > 0) cost += related ? overlap * costs.sharedTrunk : 60 + overlap * costs.doubled;
        else if (!related && findCrossing(segment, piece) !== null) cost += costs.crossing;
      }
    }
  }
  return cost;
}

function span({ start, end }: WireEnds): number {
  return Math.abs(start.x - end.x) + Math.abs(start.y - end.y);
}

/** The six columns nearest to `from` on one side of it. */
function nearest(columns: readonly number[], from: number, side: 1 | -1): number[] {
  return columns
    .filter((column) => (column - from) * side > 0)
    .sort((a, b) => (a - b) * side)
    .slice(0, 6);
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
