import { expect, test } from 'vitest';
import { drawWires } from './draw-wires.ts';
import { routeWires, type WireEnds } from './route-wires.ts';
import { type Box, hitsBox, listSegments } from './wire-geometry.ts';

const wire = (id: string, start: [number, number], end: [number, number], net = id, goal = id): WireEnds => ({
  id,
  net,
  goal,
  start: { x: start[0], y: start[1] },
  end: { x: end[0], y: end[1] },
});
const box = (left: number, top: number, width = 146, height = 82): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

function expectSquareAndFree(points: readonly { x: number; y: number }[], boxes: readonly Box[]) {
  for (const segment of listSegments(points)) {
    expect(segment.a.x === segment.b.x || segment.a.y === segment.b.y).toBe(true);
    for (const obstacle of boxes) expect(hitsBox(segment, obstacle)).toBe(false);
  }
}

test('level ports are joined by a straight line', () => {
  const boxes = [box(0, 0), box(180, 0)];
  const routes = routeWires([wire('a', [152, 51], [174, 51])], boxes);
  expect(routes.get('a')).toEqual([
    { x: 152, y: 51 },
    { x: 174, y: 51 },
  ]);
});

test('ports on different heights are joined by two bends in the gap between the columns', () => {
  const boxes = [box(0, 0), box(180, 108)];
  const route = routeWires([wire('a', [152, 51], [174, 159])], boxes).get('a') ?? [];
  expect(route).toHaveLength(4);
  expectSquareAndFree(route, boxes);
});

test('a wire goes around a node in its way', () => {
  const boxes = [box(0, 0), box(180, 0), box(360, 0)];
  const route = routeWires([wire('a', [152, 51], [354, 51])], boxes).get('a') ?? [];
  expectSquareAndFree(route, boxes);
});

test('a wire back to the left leaves to the right and arrives from the left', () => {
  const boxes = [box(360, 0), box(0, 200)];
  const route = routeWires([wire('a', [512, 51], [-6, 251])], boxes).get('a') ?? [];
  expectSquareAndFree(route, boxes);
  expect(route[1]?.x).toBeGreaterThan(512);
  expect(route.at(-2)?.x).toBeLessThan(-6);
});

test('wires of different nets do not run in the same lane', () => {
  const boxes = [box(0, 0), box(0, 120), box(180, 240), box(180, 360)];
  const routes = routeWires([wire('a', [152, 51], [174, 291]), wire('b', [152, 171], [174, 411])], boxes);
  const lanes = ['a', 'b'].map((id) => routes.get(id)?.[1]?.x);
  expect(lanes[0]).not.toBe(lanes[1]);
});

test('wires of one output share a trunk and part at a small square', () => {
  const boxes = [box(0, 0), box(180, 0), box(180, 120), box(180, 240)];
  const wires = [
    wire('a', [152, 51], [174, 51], 'net'),
    wire('b', [152, 51], [174, 171], 'net'),
    wire('c', [152, 51], [174, 291], 'net'),
  ];
  const { joints } = drawWires(wires, routeWires(wires, boxes));
  expect(joints).toHaveLength(2);
  expect(new Set(joints.map(({ at }) => at.x)).size).toBe(1);
});

test('where two wires cross, the horizontal one is interrupted', () => {
  const wires = [wire('flat', [0, 50], [100, 50]), wire('steep', [20, 0], [80, 100])];
  const routes = new Map([
    [
      'flat',
      [
        { x: 0, y: 50 },
        { x: 100, y: 50 },
      ],
    ],
    [
      'steep',
      [
        { x: 20, y: 0 },
        { x: 50, y: 0 },
        { x: 50, y: 100 },
        { x: 80, y: 100 },
      ],
    ],
  ]);
  const drawn = drawWires(wires, routes);
  expect(drawn.wires.get('flat')?.path).toBe('M0 50L45.5 50M54.5 50L100 50h3');
  expect(drawn.wires.get('steep')?.path.match(/M/g)).toHaveLength(1);
});

test('near a corner of the horizontal wire, the vertical one is interrupted instead', () => {
  const wires = [wire('flat', [0, 50], [100, 50]), wire('steep', [20, 0], [80, 100])];
  const routes = new Map([
    [
      'flat',
      [
        { x: 0, y: 50 },
        { x: 56, y: 50 },
        { x: 56, y: 90 },
        { x: 100, y: 90 },
      ],
    ],
    [
      'steep',
      [
        { x: 20, y: 0 },
        { x: 50, y: 0 },
        { x: 50, y: 100 },
        { x: 80, y: 100 },
      ],
    ],
  ]);
  const drawn = drawWires(wires, routes);
  expect(drawn.wires.get('flat')?.path.match(/M/g)).toHaveLength(1);
  expect(drawn.wires.get('steep')?.path).toContain('L50 45.5M50 54.5');
});

test('a wire keeps its route while its ends stay, and is laid anew when one moves', () => {
  const boxes = [box(0, 0), box(180, 108)];
  const kept = new Map([
    [
      'a',
      [
        { x: 152, y: 51 },
        { x: 160, y: 51 },
        { x: 160, y: 159 },
        { x: 174, y: 159 },
      ],
    ],
  ]);
  expect(routeWires([wire('a', [152, 51], [174, 159])], boxes, kept).get('a')).toBe(kept.get('a'));
  expect(routeWires([wire('a', [152, 51], [174, 165])], boxes, kept).get('a')).not.toBe(kept.get('a'));
});

test('corners are cut by six pixels', () => {
  const routes = new Map([
    [
      'a',
      [
        { x: 0, y: 0 },
        { x: 50, y: 0 },
        { x: 50, y: 50 },
      ],
    ],
  ]);
  expect(drawWires([wire('a', [0, 0], [50, 50])], routes).wires.get('a')?.path).toBe('M0 0L44 0L50 6L50 50h3');
});
