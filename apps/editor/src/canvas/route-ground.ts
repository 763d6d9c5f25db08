import { type Box, isHorizontal, type Segment } from './wire-geometry.ts';

type Interval = { readonly from: number; readonly to: number };
/** A piece of a wire that lies already. Pieces of one net or one goal may lie on each other. */
export type LaidPiece = Interval & { readonly at: number; readonly net: string; readonly goal: string };

/** What lies in the way of wires, indexed by line, so that a candidate route is judged without looking at everything. */
export type RouteGround = {
  /** How many obstacles a piece runs into. */
  readonly countHits: (segment: Segment) => number;
  readonly lay: (segment: Segment, net: string, goal: string) => void;
  /** Pieces in the same line, and pieces that run across. */
  readonly alongside: (segment: Segment) => readonly LaidPiece[];
  readonly across: (segment: Segment) => readonly LaidPiece[];
};

export function createRouteGround(obstacles: readonly Box[]): RouteGround {
  const blocked = { horizontal: new Map<number, Interval[]>(), vertical: new Map<number, Interval[]>() };
  const laid: Record<'horizontal' | 'vertical', LaidPiece[]> = { horizontal: [], vertical: [] };
  const laidByLine = { horizontal: new Map<number, LaidPiece[]>(), vertical: new Map<number, LaidPiece[]>() };

  const findBlocked = (way: 'horizontal' | 'vertical', at: number): readonly Interval[] => {
    const known = blocked[way].get(at);
    if (known !== undefined) return known;
    const found = obstacles.flatMap(({ left, top, right, bottom }) => {
      if (way === 'horizontal') return at > top && at < bottom ? [{ from: left, to: right }] : [];
      return at > left && at < right ? [{ from: top, to: bottom }] : [];
    });
    blocked[way].set(at, found);
    return found;
  };

  return {
    countHits: (segment) => {
      const { way, at, from, to } = readSegment(segment);
      let hits = 0;
      for (const interval of findBlocked(way, at)) if (to > interval.from && from < interval.to) hits += 1;
      return hits;
    },
    lay: (segment, net, goal) => {
      const { way, at, from, to } = readSegment(segment);
      const piece = { at, from, to, net, goal };
      laid[way].push(piece);
      const line = laidByLine[way].get(at);
      if (line === undefined) laidByLine[way].set(at, [piece]);
      else line.push(piece);
    },
    alongside: (segment) => {
      const { way, at } = readSegment(segment);
      return laidByLine[way].get(at) ?? [];
    },
    across: (segment) => laid[isHorizontal(segment) ? 'vertical' : 'horizontal'],
  };
}

/** A piece as a line and a stretch of it. */
export function readSegment(segment: Segment): Interval & {
  readonly way: 'horizontal' | 'vertical';
  readonly at: number;
} {
  const { a, b } = segment;
  if (isHorizontal(segment)) {
    return { way: 'horizontal', at: a.y, from: Math.min(a.x, b.x), to: Math.max(a.x, b.x) };
  }
  return { way: 'vertical', at: a.x, from: Math.min(a.y, b.y), to: Math.max(a.y, b.y) };
}
