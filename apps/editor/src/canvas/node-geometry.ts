import type { GraphNode, Position } from '@kumiki/flow';

/** Sizes of a node in pixels at 100%; flow-node.module.css draws to the same figures. */
export const nodeWidth = 146;
const headHeight = 24;
const valueHeight = 17;
const rowHeight = 18;
const footHeight = 21;
/** How far a tenon stands out of the outline, and a mortise is cut into it. */
export const jointDepth = 6;

/** What a node shows between its ports and its foot. */
export type NodeBody = {
  readonly preview: boolean;
  readonly tokens: boolean;
  readonly curve: boolean;
  readonly bar: boolean;
};
export const emptyBody: NodeBody = { preview: false, tokens: false, curve: false, bar: false };
const bodyHeights = { preview: 34, tokens: 16, curve: 28, bar: 8 } as const;

export function measureBody(body: NodeBody): number {
  return (
    (body.preview ? bodyHeights.preview : 0) +
    (body.tokens ? bodyHeights.tokens : 0) +
    (body.curve ? bodyHeights.curve : 0) +
    (body.bar ? bodyHeights.bar : 0)
  );
}

export function measureNode(rows: number, body: NodeBody): number {
  return headHeight + valueHeight + 1 + Math.max(1, rows) * rowHeight + measureBody(body) + footHeight + 1;
}

/** The middle of a port row below the node's top. */
export function portOffset(row: number): number {
  return headHeight + valueHeight + 1 + row * rowHeight + rowHeight / 2;
}

export type PlacedNode = {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Names in the order of their rows. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

/** A node of the flow in its place. A node of an unknown type has no ports that could be known. */
export function placeNode(id: string, node: GraphNode | undefined, position: Position, body: NodeBody): PlacedNode {
  const inputs = Object.keys(node?.ports.inputs ?? {});
  const outputs = Object.keys(node?.ports.outputs ?? {});
  const height = measureNode(Math.max(inputs.length, outputs.length), body);
  return { id, ...position, width: nodeWidth, height, inputs, outputs };
}

/** Where a wire leaves an output: at the end of its tenon. Null where there is no such port. */
export function outputPoint(node: PlacedNode, port: string): Position | null {
  const row = node.outputs.indexOf(port);
  return row < 0 ? null : { x: node.x + node.width + jointDepth, y: node.y + portOffset(row) };
}

/** Where a wire arrives at an input: in front of its mortise. Null where there is no such port. */
export function inputPoint(node: PlacedNode, port: string): Position | null {
  const row = node.inputs.indexOf(port);
  return row < 0 ? null : { x: node.x - jointDepth, y: node.y + portOffset(row) };
}
