import type { BindingTime, Position } from '@kumiki/flow';
import type { Wire } from './canvas-model.ts';
import type { Band } from './find-bands.ts';
import { type Block, type LayoutGraph, layOutBand } from './lay-out-band.ts';
import { nodeWidth, type PlacedNode } from './node-geometry.ts';

/** Between the nodes of neighbouring bands, side by side and one below the other. */
const spacing = { x: 40, y: 54 } as const;
const column = nodeWidth + 34;
/** A row of bands may be this much longer than the longest band. */
const slack = 190;

type BandBlock = Block & { readonly time: BindingTime; readonly nodes: readonly string[] };

/**
 * New places for all nodes: every band in columns from left to right by itself; the build-time bands in rows, about as
 * long as the longest; below them the request-time ones, and below each of these the models and other single values
 * that feed it, before the column that they go to.
 */
export async function tidyUp(
  placed: ReadonlyMap<string, PlacedNode>,
  wires: readonly Wire[],
  bands: readonly Band[],
  layout: LayoutGraph,
): Promise<ReadonlyMap<string, Position>> {
  const inOrder = [...bands].sort((a, b) => a.tag.y - b.tag.y || a.tag.x - b.tag.x);
  const blocks = await Promise.all(
    inOrder.map(async ({ time, nodes }): Promise<BandBlock> => {
      return { time, nodes, ...(await layOutBand(nodes, placed, wires, layout)) };
    }),
  );
  const fed = blocks.filter(({ time }) => time === 'request');
  const feeders = new Map(blocks.map((block) => [block, findFed(block, fed, wires)]));
  const prepared = blocks.filter((block) => block.time === 'build' && feeders.get(block) === null);

  const positions = new Map<string, Position>();
  const put = ({ positions: places }: Block, x: number, y: number) => {
    for (const [id, place] of places) positions.set(id, { x: x + place.x, y: y + place.y });
  };
  const longest = Math.max(0, ...blocks.map(({ width }) => width)) + slack;
  let y = putInRows(prepared, longest, put);
  for (const block of fed) {
    put(block, 0, y);
    const own = blocks.filter((one) => feeders.get(one) === block);
    y += block.height + spacing.y;
    y += putBelow(own, block, wires, (feeder, x) => put(feeder, x, y));
  }
  return positions;
}

type Put = (block: Block, x: number, y: number) => void;

/** Blocks side by side in rows; gives the height of it all. */
function putInRows(blocks: readonly Block[], longest: number, put: Put): number {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  for (const block of blocks) {
    if (x > 0 && x + block.width > longest) {
      x = 0;
      y += rowHeight + spacing.y;
      rowHeight = 0;
    }
    put(block, x, y);
    x += block.width + spacing.x;
    rowHeight = Math.max(rowHeight, block.height);
  }
  return blocks.length === 0 ? 0 : y + rowHeight + spacing.y;
}

/** Feeders in one row, each a column before the first node that it feeds; gives the height of the row. */
function putBelow(
  feeders: readonly BandBlock[],
  fed: BandBlock,
  wires: readonly Wire[],
  put: (feeder: Block, x: number) => void,
): number {
  const wanted = feeders
    .map((feeder) => ({ feeder, x: Math.max(0, findFirstColumn(feeder, fed, wires) - column) }))
    .sort((a, b) => a.x - b.x);
  let free = 0;
  for (const { feeder, x } of wanted) {
    const at = Math.max(free, x);
    put(feeder, at);
    free = at + feeder.width + spacing.x;
  }
  return feeders.length === 0 ? 0 : Math.max(...feeders.map(({ height }) => height)) + spacing.y;
}

/** The one request-time band that a small build-time band feeds; null where it is large, or feeds several or none. */
function findFed(block: BandBlock, fed: readonly BandBlock[], wires: readonly Wire[]): BandBlock | null {
  if (block.time !== 'build' || block.width > column) return null;
  const goals = new Set(wires.filter(({ from }) => block.nodes.includes(from.node)).map(({ to }) => to.node));
  const reached = fed.filter(({ nodes }) => nodes.some((id) => goals.has(id)));
  return reached.length === 1 ? (reached[0] ?? null) : null;
}

function findFirstColumn(feeder: BandBlock, fed: BandBlock, wires: readonly Wire[]): number {
  const columns = wires
    .filter(({ from }) => feeder.nodes.includes(from.node))
    .map(({ to }) => fed.positions.get(to.node)?.x)
    .filter((x) => x !== undefined);
  return columns.length === 0 ? 0 : Math.min(...columns);
}
