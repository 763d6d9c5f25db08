import type { Position } from '@kumiki/flow';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { Wire } from './canvas-model.ts';
import { type PlacedNode, portOffset } from './node-geometry.ts';

/** Lays out one graph: positions of its children come back. */
export type LayoutGraph = (graph: ElkNode) => Promise<ElkNode>;

/** A laid out group of nodes; places count from its top left corner. */
export type Block = {
  readonly width: number;
  readonly height: number;
  readonly positions: ReadonlyMap<string, Position>;
};

/** Between columns of nodes, and between nodes of a column. */
const spacing = { columns: 34, rows: 20 } as const;

/** Lays the nodes of a band out in columns from left to right, with ports in their rows. */
export async function layOutBand(
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
  const port = (side: 'in' | 'out', name: string, row: number) => ({
    id: portId(id, side, name),
    x: side === 'in' ? 0 : width,
    y: portOffset(row),
    width: 0,
    height: 0,
  });
  return {
    id,
    width,
    height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: [...inputs.map((name, row) => port('in', name, row)), ...outputs.map((name, row) => port('out', name, row))],
  };
}

function portId(node: string, side: 'in' | 'out', port: string): string {
  return `${node}.${side}.${port}`;
}
