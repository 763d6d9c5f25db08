import type { Position } from '@kumiki/flow';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { Wire } from './canvas-model.ts';
import type { Band } from './find-bands.ts';
import { type PlacedNode, portOffset } from './node-geometry.ts';

/** Lays out one graph: positions of its children come back. */
export type LayoutGraph = (graph: ElkNode) => Promise<ElkNode>;

/** Between columns of nodes, between nodes of a column, between bands. */
const spacing = { columns: 34, rows: 20, bandsX: 40, bandsY: 54 } as const;

/** A row of bands may be this much longer than the longest band. */
const slack = 190;

/**
 * New places for all nodes: every band in columns from left to right by itself, then the build-time bands in rows
 * above the request-time ones, about as long as the longest.
 */
export async function tidyUp(
  placed: ReadonlyMap<string, PlacedNode>,
  wires: readonly Wire[],
  bands: readonly Band[],
  layout: LayoutGraph,
): Promise<ReadonlyMap<string, Position>> {
  const blocks = await Promise.all(
    [...bands]
      .sort((a, b) => a.time.localeCompare(b.time) || a.tag.y - b.tag.y || a.tag.x - b.tag.x)
      .map(async ({ time, nodes }) => ({ time, ...(await layOutBand(nodes, placed, wires, layout)) })),
  );
  const longest = Math.max(0, ...blocks.map(({ width }) => width)) + slack;
  const positions = new Map<string, Position>();
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  let time = blocks[0]?.time;
  for (const block of blocks) {
    const isFull = x > 0 && x + block.width > longest;
    if (isFull || block.time !== time) {
      x = 0;
      y += rowHeight + spacing.bandsY;
      rowHeight = 0;
      time = block.time;
    }
    for (const [id, place] of block.positions) positions.set(id, { x: x + place.x, y: y + place.y });
    x += block.width + spacing.bandsX;
    rowHeight = Math.max(rowHeight, block.height);
  }
  return positions;
}

type Block = {
  readonly width: number;
  readonly height: number;
  readonly positions: ReadonlyMap<string, Position>;
};

async function layOutBand(
  nodes: readonly string[],
  placed: ReadonlyMap<string, PlacedNode>,
  wires: readonly Wire[],
  layout: LayoutGraph,
): Promise<Block> {
  const members = new Set(nodes);
  const graph = await layout({
    id: 'band',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.spacing.nodeNodeBetweenLayers': `${spacing.columns}`,
      'elk.spacing.nodeNode': `${spacing.rows}`,
      'elk.spacing.componentComponent': `${spacing.rows}`,
      'elk.layered.spacing.edgeNodeBetweenLayers': '8',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '4',
      // Of all placements tried, this one alone keeps a chain of nodes on one line.
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    },
    children: nodes.flatMap((id) => {
      const node = placed.get(id);
      return node === undefined ? [] : [describeNode(node)];
    }),
    edges: wires
      .filter(({ from, to }) => members.has(from.node) && members.has(to.node))
      .map(({ id, from, to }) => ({
        id,
        sources: [portId(from.node, 'out', from.port)],
        targets: [portId(to.node, 'in', to.port)],
      })),
  });
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    positions: new Map((graph.children ?? []).map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }])),
  };
}

function describeNode({ id, width, height, inputs, outputs }: PlacedNode): ElkNode {
  return {
    id,
    width,
    height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [
      ...inputs.map((port, row) => ({ id: portId(id, 'in', port), x: 0, y: portOffset(row), width: 0, height: 0 })),
      ...outputs.map((port, row) => ({
        id: portId(id, 'out', port),
        x: width,
        y: portOffset(row),
        width: 0,
        height: 0,
      })),
    ],
  };
}

function portId(node: string, side: 'in' | 'out', port: string): string {
  return `${node}.${side}.${port}`;
}
