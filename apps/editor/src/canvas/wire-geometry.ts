import type { Position } from '@kumiki/flow';

export type Point = Position;
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
/** A straight piece of a wire, horizontal or vertical. */
export type Segment = { readonly a: Point; readonly b: Point };

export function listSegments(points: readonly Point[]): Segment[] {
  return points.slice(1).map((b, index) => ({ a: points[index] ?? b, b }));
}

export function isHorizontal({ a, b }: Segment): boolean {
  return a.y === b.y;
}

export function segmentLength({ a, b }: Segment): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

export function hitsBox({ a, b }: Segment, box: Box): boolean {
  return (
    Math.max(a.x, b.x) > box.left &&
    Math.min(a.x, b.x) < box.right &&
    Math.max(a.y, b.y) > box.top &&
    Math.min(a.y, b.y) < box.bottom
  );
}

/** Drops points in the middle of a straight line and pieces without length. */
export function simplify(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && last.x === point.x && last.y === point.y) continue;
    const before = kept.at(-2);
    const straight =
      last !== undefined &&
      before !== undefined &&
      ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y));
    if (straight) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** How long two pieces run in the same place. */
export function overlapLength(one: Segment, other: Segment): number {
  const horizontal = isHorizontal(one);
  if (horizontal !== isHorizontal(other)) return 0;
  if (horizontal) return one.a.y === other.a.y ? shared(one.a.x, one.b.x, other.a.x, other.b.x) : 0;
  return one.a.x === other.a.x ? shared(one.a.y, one.b.y, other.a.y, other.b.y) : 0;
}

function shared(a1: number, a2: number, b1: number, b2: number): number {
  return Math.max(0, Math.min(Math.max(a1, a2), Math.max(b1, b2)) - Math.max(Math.min(a1, a2), Math.min(b1, b2)));
}

/** Where a horizontal and a vertical piece cross, away from the ends of both; else null. */
export function findCrossing(one: Segment, other: Segment): Point | null {
  const oneHorizontal = isHorizontal(one);
  if (oneHorizontal === isHorizontal(other)) return null;
  const horizontal = oneHorizontal ? one : other;
  const vertical = oneHorizontal ? other : one;
  const x = vertical.a.x;
  const y = horizontal.a.y;
  const inside =
    x > Math.min(horizontal.a.x, horizontal.b.x) + 1 &&
    x < Math.max(horizontal.a.x, horizontal.b.x) - 1 &&
    y > Math.min(vertical.a.y, vertical.b.y) + 1 &&
    y < Math.max(vertical.a.y, vertical.b.y) - 1;
  return inside ? { x, y } : null;
}
