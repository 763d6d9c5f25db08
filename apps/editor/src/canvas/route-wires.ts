import { createRouteGround, type RouteGround, readSegment } from './route-ground.ts';
import { type Box, listSegments, type Point, segmentLength, simplify } from './wire-geometry.ts';

/** A wire to be laid. Wires of one net leave the same output and may share a trunk. */
export type WireEnds = {
  readonly id: string;
  readonly net: string;
  /** The input that it arrives at: wires of a stream may meet in front of it. */
  readonly goal: string;
  readonly start: Point;
  readonly end: Point;
};

/** A wire keeps this far from nodes; at their sides less, since its own ports stand out there. */
const clearance = { side: 5, end: 9 } as const;
/** Lanes beside nodes, in pixels from their outline, the best one first. */
const lanes = [17, 11, 23] as const;
/** How many lanes beside its ports a wire may choose from. */
const choices = 6;

const costs = {
  bend: 26,
  blocked: 4_000,
  crossing: 24,
  /** For running where another net runs: at once, and for each pixel. */
  doubled: 60,
  doubledPixel: 9,
  /** What a trunk shared with its own net wins for each pixel, and at most. */
  sharedPixel: 0.45,
  shared: 80,
} as const;

/** The corners of each wire, from its start to its end. */
export type Routes = ReadonlyMap<string, readonly Point[]>;

type Lanes = { readonly columns: readonly number[]; readonly rows: readonly number[] };

/**
 * Lays wires in straight pieces with right angles: off the nodes, few bends, few crossings, no two nets in one lane.
 * Short wires go first. Wires whose way is blocked everywhere go the least bad way. A wire that has a route in `kept`
 * between the same two points keeps it.
 */
export function routeWires(wires: readonly WireEnds[], boxes: readonly Box[], kept: Routes = new Map()): Routes {
  const ground = createRouteGround(
    boxes.map(({ left, top, right, bottom }) => ({
      left: left - clearance.side,
      top: top - clearance.end,
      right: right + clearance.side,
      bottom: bottom + clearance.end,
    })),
  );
  const around: Lanes = {
    columns: unique(boxes.flatMap(({ left, right }) => lanes.flatMap((lane) => [left - lane, right + lane]))),
    rows: unique(boxes.flatMap(({ top, bottom }) => lanes.flatMap((lane) => [top - lane, bottom + lane]))),
  };
  const routes = new Map<string, readonly Point[]>();
  const lay = (wire: WireEnds, route: readonly Point[]) => {
    routes.set(wire.id, route);
    for (const segment of listSegments(route)) ground.lay(segment, wire.net, wire.goal);
  };
  for (const wire of wires) {
    const route = kept.get(wire.id);
    if (route !== undefined && isBetween(route, wire)) lay(wire, route);
  }
  for (const wire of [...wires].sort((a, b) => span(a) - span(b))) {
    if (!routes.has(wire.id)) lay(wire, findRoute(wire, ground, around));
  }
  return routes;
}

function isBetween(route: readonly Point[], { start, end }: WireEnds): boolean {
  const first = route[0];
  const last = route.at(-1);
  return first?.x === start.x && first.y === start.y && last?.x === end.x && last.y === end.y;
}

function findRoute(wire: WireEnds, ground: RouteGround, { columns, rows }: Lanes): readonly Point[] {
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
  for (const x of [middle, ...columns]) {
    if (x > start.x + 2 && x < end.x - 2) consider([start, { x, y: start.y }, { x, y: end.y }, end]);
  }

  // The other way: out into a lane, along a row, and in through a lane. Rows that lie close come first, and as soon as
  // even the shortest way by a row costs more than the best route, no further row can be better.
  const leaving = nearest(columns, start.x + 2, 1);
  const arriving = nearest(columns, end.x - 2, -1);
  const detour = (row: number) => Math.abs(row - start.y) + Math.abs(row - end.y);
  for (const y of [...rows].sort((a, b) => detour(a) - detour(b))) {
    if (Math.abs(end.x - start.x) + detour(y) + 4 * costs.bend - costs.shared >= bestCost) break;
    for (const x1 of leaving) {
      for (const x2 of arriving) {
        consider([start, { x: x1, y: start.y }, { x: x1, y }, { x: x2, y }, { x: x2, y: end.y }, end]);
      }
    }
  }
  return best;
}

/** Length, and what is unwelcome on the way. Gives up where it cannot be better than `limit`. */
function measureRoute(route: readonly Point[], wire: WireEnds, ground: RouteGround, limit: number): number {
  const segments = listSegments(route);
  let cost = (segments.length - 1) * costs.bend;
  for (const segment of segments) cost += segmentLength(segment);
  if (cost - costs.shared >= limit) return Number.POSITIVE_INFINITY;
  for (const segment of segments) cost += ground.countHits(segment) * costs.blocked;
  if (cost - costs.shared >= limit) return Number.POSITIVE_INFINITY;
  let shared = 0;
  for (const segment of segments) {
    const { at, from, to } = readSegment(segment);
    for (const piece of ground.alongside(segment)) {
      const overlap = Math.min(to, piece.to) - Math.max(from, piece.from);
      if (overlap <= 0) continue;
      if (piece.net === wire.net || piece.goal === wire.goal) shared += overlap * costs.sharedPixel;
      else cost += costs.doubled + overlap * costs.doubledPixel;
    }
    for (const piece of ground.across(segment)) {
      const crosses = piece.at > from && piece.at < to && at > piece.from && at < piece.to;
      if (crosses && piece.net !== wire.net && piece.goal !== wire.goal) cost += costs.crossing;
    }
  }
  return cost - Math.min(shared, costs.shared);
}

function span({ start, end }: WireEnds): number {
  return Math.abs(start.x - end.x) + Math.abs(start.y - end.y);
}

/** The columns nearest to `from` on one side of it. */
function nearest(columns: readonly number[], from: number, side: 1 | -1): number[] {
  return columns
    .filter((column) => (column - from) * side > 0)
    .sort((a, b) => (a - b) * side)
    .slice(0, choices);
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
