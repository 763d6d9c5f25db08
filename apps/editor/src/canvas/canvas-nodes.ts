import type { FlowDocument, FlowNote, Position as Place } from '@kumiki/flow';
import { type Node, Position } from '@xyflow/react';
import { type PlacedNode, portOffset } from './node-geometry.ts';

export type CanvasNode = Node<Record<string, never>, 'flow' | 'note'>;

const handleSize = { width: 24, height: 18 } as const;
const noteSize = { width: 146, height: 108 } as const;
const noData: Record<string, never> = {};

/**
 * What @xyflow/react is to draw. Sizes and ports are given, not measured: everything is in its place with the first
 * drawing. Objects of nodes that stay as they are are kept, so that only those that changed are drawn anew.
 */
export function createNodeLister() {
  let kept = new Map<string, { key: string; node: CanvasNode }>();
  return (
    document: FlowDocument,
    placed: ReadonlyMap<string, PlacedNode>,
    dragged: ReadonlyMap<string, Place> | null,
    selected: ReadonlySet<string>,
  ): CanvasNode[] => {
    const next: typeof kept = new Map();
    const keep = (id: string, key: string, make: () => CanvasNode) => {
      const old = kept.get(id);
      next.set(id, old?.key === key ? old : { key, node: make() });
    };
    for (const node of placed.values()) {
      const isSelected = selected.has(node.id);
      const key = [node.x, node.y, node.height, isSelected, node.inputs.join(), node.outputs.join()].join('|');
      keep(node.id, key, () => makeFlowNode(node, isSelected));
    }
    for (const note of document.notes) {
      const position = dragged?.get(note.id) ?? note.position;
      const isSelected = selected.has(note.id);
      const key = [position.x, position.y, note.size?.width, note.size?.height, isSelected].join('|');
      keep(note.id, key, () => makeNoteNode(note, position, isSelected));
    }
    kept = next;
    return [...next.values()].map(({ node }) => node);
  };
}

function makeFlowNode(node: PlacedNode, selected: boolean): CanvasNode {
  const { id, x, y, width, height } = node;
  const handle = (name: string, row: number, side: 'source' | 'target') => ({
    id: name,
    type: side,
    position: side === 'source' ? Position.Right : Position.Left,
    x: (side === 'source' ? width : 0) - handleSize.width / 2,
    y: portOffset(row) - handleSize.height / 2,
    ...handleSize,
  });
  return {
    id,
    type: 'flow',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [
      ...node.inputs.map((name, row) => handle(name, row, 'target')),
      ...node.outputs.map((name, row) => handle(name, row, 'source')),
    ],
    selected,
    data: noData,
  };
}

function makeNoteNode(note: FlowNote, position: Place, selected: boolean): CanvasNode {
  const { width, height } = note.size ?? noteSize;
  return {
    id: note.id,
    type: 'note',
    position,
    width,
    height,
    measured: { width, height },
    selected,
    connectable: false,
    data: noData,
  };
}
