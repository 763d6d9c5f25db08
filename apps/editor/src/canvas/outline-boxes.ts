import type { Box, Point } from './wire-geometry.ts';

const chamfer = 6;

/** The outline of a union of boxes: cells of a grid through all their sides, and the walls between in and out. */
export function outlineBoxes(boxes: readonly Box[]): string {
  const xs = unique(boxes.flatMap(({ left, right }) => [left, right]));
  const ys = unique(boxes.flatMap(({ top, bottom }) => [top, bottom]));
  const isIn = (column: number, row: number): boolean => {
    const left = xs[column];
    const right = xs[column + 1];
    const top = ys[row];
    const bottom = ys[row + 1];
    if (left === undefined || right === undefined || top === undefined || bottom === undefined) return false;
    return boxes.some((box) => box.left <= left && box.right >= right && box.top <= top && box.bottom >= bottom);
  };
  // Walls run clockwise, with the inside on their right; each starts at its own corner.
  const walls = new Map<string, Point[]>();
  const addWall = (a: Point, b: Point) => {
    const key = keyOf(a);
    walls.set(key, [...(walls.get(key) ?? []), b]);
  };
  for (const [column, left] of xs.entries()) {
    for (const [row, top] of ys.entries()) {
      if (!isIn(column, row)) continue;
      const right = xs[column + 1] ?? left;
      const bottom = ys[row + 1] ?? top;
      if (!isIn(column, row - 1)) addWall({ x: left, y: top }, { x: right, y: top });
      if (!isIn(column + 1, row)) addWall({ x: right, y: top }, { x: right, y: bottom });
      if (!isIn(column, row + 1)) addWall({ x: right, y: bottom }, { x: left, y: bottom });
      if (!isIn(column - 1, row)) addWall({ x: left, y: bottom }, { x: left, y: top });
    }
  }
  const loops: string[] = [];
  for (const [key] of walls) {
    const loop = takeLoop(walls, key);
    if (loop.length > 2) loops.push(cutCorners(loop));
  }
  return loops.join('');
}

function takeLoop(walls: Map<string, Point[]>, start: string): Point[] {
  const loop: Point[] = [];
  let key = start;
  for (;;) {
    const next = walls.get(key)?.pop();
    if (next === undefined) return dropStraight(loop);
    loop.push(next);
    key = keyOf(next);
  }
}

function dropStraight(loop: readonly Point[]): Point[] {
  return loop.filter((point, index) => {
    const before = loop.at(index - 1) ?? point;
    const after = loop[(index + 1) % loop.length] ?? point;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
}

function cutCorners(loop: readonly Point[]): string {
  const pieces = loop.flatMap((point, index) => {
    const before = loop.at(index - 1) ?? point;
    const after = loop[(index + 1) % loop.length] ?? point;
    return [towards(point, before), towards(point, after)];
  });
  return `M${pieces.map(({ x, y }) => `${x} ${y}`).join('L')}Z`;
}

function towards(from: Point, to: Point): Point {
  const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  const by = Math.min(chamfer, length / 2) / (length || 1);
  return { x: from.x + (to.x - from.x) * by, y: from.y + (to.y - from.y) * by };
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function keyOf({ x, y }: Point): string {
  return `${x} ${y}`;
}
