import type { WireEnds } from './route-wires.ts';
import { findCrossing, isHorizontal, listSegments, type Point, type Segment } from './wire-geometry.ts';

export type WireDrawing = {
  /** SVG path with cut corners, interrupted where another wire lies over it. */
  readonly path: string;
  /** The middle of its longest piece: where a label or a mark has room. */
  readonly middle: Point;
};

export type DrawnWires = {
  readonly wires: ReadonlyMap<string, WireDrawing>;
  /** Where a wire branches or wires join: a small square each, in the colour of the wire named. */
  readonly joints: readonly { readonly wire: string; readonly at: Point }[];
};

const chamfer = 6;
/** How far a drawn wire reaches beyond its end, so that it meets the shape of the input. */
const tip = 3;
/** Half of what a lap joint takes out of the wire below. */
const lap = 4.5;

/** Turns routes into drawings: a horizontal piece passes below a vertical one of another net. */
export function drawWires(wires: readonly WireEnds[], routes: ReadonlyMap<string, readonly Point[]>): DrawnWires {
  const laid = wires.map((wire) => {
    const points = routes.get(wire.id) ?? [wire.start, wire.end];
    return { wire, points, segments: listSegments(points) };
  });
  const joints = [
    ...Map.groupBy(laid, ({ wire }) => wire.net).values(),
    ...Map.groupBy(laid, ({ wire }) => wire.goal).values(),
  ].flatMap((group) => (group.length < 2 ? [] : findJoints(group)));
  const jointKeys = new Set(joints.map(({ at }) => keyOf(at)));

  const laps = findLaps(laid);
  const drawings = new Map<string, WireDrawing>();
  for (const { wire, points, segments } of laid) {
    const path = drawPath(points, jointKeys, laps.get(wire.id) ?? []);
    drawings.set(wire.id, { path, middle: findMiddle(segments, points) });
  }
  return { wires: drawings, joints };
}

type LaidWire = { readonly wire: WireEnds; readonly points: readonly Point[]; readonly segments: readonly Segment[] };

/** Where each wire is interrupted: of two that cross the horizontal one, or the other where it lies at a corner. */
function findLaps(laid: readonly LaidWire[]): ReadonlyMap<string, readonly Point[]> {
  const laps = new Map<string, Point[]>();
  for (const { wire, segments } of laid) {
    for (const other of laid) {
      if (other.wire.net === wire.net || other.wire.goal === wire.goal) continue;
      for (const segment of segments.filter(isHorizontal)) {
        for (const piece of other.segments) {
          const crossing = findCrossing(segment, piece);
          if (crossing === null) continue;
          const below = hasRoom(segment, crossing) || !hasRoom(piece, crossing) ? wire : other.wire;
          laps.set(below.id, [...(laps.get(below.id) ?? []), crossing]);
        }
      }
    }
  }
  return laps;
}

/** Whether a lap joint lies clear of both corners of a piece. */
function hasRoom({ a, b }: Segment, at: Point): boolean {
  return Math.min(lengthOf(a, at), lengthOf(at, b)) > chamfer + lap;
}

/** Points of a net at which its wires leave in three directions or more. */
function findJoints(group: readonly LaidWire[]): { wire: string; at: Point }[] {
  const found: { wire: string; at: Point }[] = [];
  const seen = new Set<string>();
  for (const { wire, points } of group) {
    for (const at of points) {
      if (seen.has(keyOf(at))) continue;
      seen.add(keyOf(at));
      const ways = new Set(group.flatMap(({ segments }) => segments.flatMap((segment) => listWays(segment, at))));
      if (ways.size >= 3) found.push({ wire: wire.id, at });
    }
  }
  return found;
}

/** The directions in which a piece leaves a point that lies on it. */
function listWays({ a, b }: Segment, at: Point): string[] {
  if (a.y === b.y) {
    if (at.y !== a.y || at.x < Math.min(a.x, b.x) || at.x > Math.max(a.x, b.x)) return [];
    return [...(at.x > Math.min(a.x, b.x) ? ['west'] : []), ...(at.x < Math.max(a.x, b.x) ? ['east'] : [])];
  }
  if (at.x !== a.x || at.y < Math.min(a.y, b.y) || at.y > Math.max(a.y, b.y)) return [];
  return [...(at.y > Math.min(a.y, b.y) ? ['north'] : []), ...(at.y < Math.max(a.y, b.y) ? ['south'] : [])];
}

function drawPath(points: readonly Point[], joints: ReadonlySet<string>, laps: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  let from = first;
  for (let index = 1; index < points.length; index += 1) {
    const corner = points[index] ?? from;
    const next = points[index + 1];
    const isCut = next !== undefined && !joints.has(keyOf(corner));
    const size = isCut ? Math.min(chamfer, lengthOf(from, corner) / 2, lengthOf(corner, next) / 2) : 0;
    const stop = moveTowards(corner, from, size);
    path += drawLine(from, stop, laps);
    if (isCut) {
      const start = moveTowards(corner, next, size);
      path += `L${start.x} ${start.y}`;
      from = start;
    } else from = corner;
  }
  return `${path}h${tip}`;
}

/** A straight piece, left out where a lap joint lies on it. */
function drawLine(from: Point, to: Point, laps: readonly Point[]): string {
  const length = lengthOf(from, to);
  const gaps = laps
    .filter((at) => lengthOf(from, at) + lengthOf(at, to) === length)
    .filter((at) => Math.min(lengthOf(from, at), lengthOf(at, to)) > lap)
    .sort((a, b) => lengthOf(from, a) - lengthOf(from, b));
  const pieces = gaps.map((at) => {
    const before = moveTowards(at, from, lap);
    const after = moveTowards(at, to, lap);
    return `L${before.x} ${before.y}M${after.x} ${after.y}`;
  });
  return `${pieces.join('')}L${to.x} ${to.y}`;
}

function findMiddle(segments: readonly Segment[], points: readonly Point[]): Point {
  let longest: Segment | null = null;
  let most = -1;
  for (const segment of segments) {
    const length = lengthOf(segment.a, segment.b);
    if (length > most) {
      most = length;
      longest = segment;
    }
  }
  if (longest === null) return points[0] ?? { x: 0, y: 0 };
  return { x: (longest.a.x + longest.b.x) / 2, y: (longest.a.y + longest.b.y) / 2 };
}

function moveTowards(from: Point, to: Point, by: number): Point {
  const length = lengthOf(from, to);
  if (length === 0) return from;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}

function lengthOf(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function keyOf({ x, y }: Point): string {
  return `${x} ${y}`;
}
