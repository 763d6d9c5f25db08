import { expect, test } from 'vitest';
import type { Wire } from './canvas-model.ts';
import type { Band } from './find-bands.ts';
import type { LayoutGraph } from './lay-out-band.ts';
import type { PlacedNode } from './node-geometry.ts';
import { tidyUp } from './tidy-up.ts';

const node = (id: string): PlacedNode => ({ id, x: 7, y: 7, width: 146, height: 82, inputs: ['in'], outputs: ['out'] });
const band = (id: string, time: Band['time'], nodes: string[]): Band => ({
  id,
  time,
  nodes,
  path: '',
  tag: { x: 0, y: 0, width: 100 },
});

/** Places the nodes of a graph side by side. */
const inOneRow: LayoutGraph = async (graph) => ({
  ...graph,
  width: (graph.children?.length ?? 0) * 180,
  height: 82,
  children: (graph.children ?? []).map((child, index) => ({ ...child, x: index * 180, y: 0 })),
});

test('build-time bands come above request-time ones, small bands side by side', async () => {
  const placed = new Map(['a', 'b', 'c', 'model', 'q', 'r', 's'].map((id) => [id, node(id)]));
  const bands = [band('1', 'request', ['q', 'r', 's']), band('2', 'build', ['a']), band('3', 'build', ['model'])];
  const positions = await tidyUp(placed, [], bands, inOneRow);
  expect(positions.get('a')?.y).toBe(0);
  expect(positions.get('model')?.y).toBe(0);
  expect(positions.get('model')?.x).toBeGreaterThan(146);
  expect(positions.get('q')?.y).toBeGreaterThan(82);
  expect(positions.get('q')?.y).toBe(positions.get('s')?.y);
});

test('a model that feeds one question lies below it, a column before the node that uses it', async () => {
  const placed = new Map(['model', 'q', 'r', 's'].map((id) => [id, node(id)]));
  const wire: Wire = {
    id: 'w',
    from: { node: 'model', port: 'out' },
    to: { node: 's', port: 'in' },
    kind: 'chat-model',
    isStream: false,
    time: 'build',
  };
  const bands = [band('1', 'build', ['model']), band('2', 'request', ['q', 'r', 's'])];
  const positions = await tidyUp(placed, [wire], bands, inOneRow);
  expect(positions.get('q')).toEqual({ x: 0, y: 0 });
  expect(positions.get('model')?.x).toBe(180);
  expect(positions.get('model')?.y).toBeGreaterThan(82);
});
