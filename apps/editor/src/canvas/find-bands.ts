import type { BindingTime, FlowGraph } from '@kumiki/flow';
import type { PlacedNode } from './node-geometry.ts';
import { outlineBoxes } from './outline-boxes.ts';
import type { Box, Point } from './wire-geometry.ts';

/** A region behind the nodes of one binding time that hang together. */
export type Band = {
  readonly id: string;
  readonly time: BindingTime;
  readonly nodes: readonly string[];
  /** SVG path of its outline, with cut corners. */
  readonly path: string;
  /** Where its tag stands: the top left corner of its highest part, and how wide that part is. */
  readonly tag: Point & { readonly width: number };
};

const padding = { side: 9, top: 24, bottom: 17 } as const;

/** Groups nodes of the same binding time that are connected, and draws a region around each group. */
export function findBands(
  graph: FlowGraph,
  times: ReadonlyMap<string, BindingTime>,
  placed: ReadonlyMap<string, PlacedNode>,
): readonly Band[] {
  const groups = groupNodes(graph, times);
  return groups.flatMap(({ time, nodes }) => {
    const own = nodes.map((id) => placed.get(id)).filter((node) => node !== undefined);
    const [first] = own;
    if (first === undefined) return [];
    const members = new Set(nodes);
    const foreign = [...placed.values()].filter(({ id }) => !members.has(id)).map((node) => boxOf(node));
    const boxes = mergeBoxes(
      own.map((node) => boxOf(node)),
      foreign,
    );
    const top = Math.min(...boxes.map((box) => box.top));
    const highest = boxes.filter((box) => box.top === top);
    const left = Math.min(...highest.map((box) => box.left));
    const width = Math.max(...highest.map((box) => box.right)) - left;
    return [{ id: `${time} ${first.id}`, time, nodes, path: outlineBoxes(boxes), tag: { x: left, y: top, width } }];
  });
}

/** Connected nodes of one binding time. Wires between times do not connect. */
function groupNodes(
  graph: FlowGraph,
  times: ReadonlyMap<string, BindingTime>,
): { time: BindingTime; nodes: readonly string[] }[] {
  const seen = new Set<string>();
  const groups: { time: BindingTime; nodes: string[] }[] = [];
  for (const id of graph.nodes.keys()) {
    const time = times.get(id);
    if (time === undefined || seen.has(id)) continue;
    seen.add(id);
    const nodes = [id];
    for (const member of nodes) {
      const node = graph.nodes.get(member);
      const neighbours = [
        ...(node?.incoming ?? []).map(({ from }) => from.node),
        ...(node?.outgoing ?? []).map(({ to }) => to.node),
      ];
      for (const neighbour of neighbours) {
        if (seen.has(neighbour) || times.get(neighbour) !== time) continue;
        seen.add(neighbour);
        nodes.push(neighbour);
      }
    }
    groups.push({ time, nodes });
  }
  return groups;
}

/** A node with the room that its band takes around it. */
function boxOf({ x, y, width, height }: PlacedNode): Box {
  return {
    left: x - padding.side,
    top: y - padding.top,
    right: x + width + padding.side,
    bottom: y + height + padding.bottom,
  };
}

/**
 * Joins boxes into larger ones as long as no foreign node is covered, nearest first; what cannot be one box is bridged
 * where the boxes face each other. What is left apart stays apart.
 */
function mergeBoxes(boxes: readonly Box[], foreign: readonly Box[]): readonly Box[] {
  let merged = [...boxes];
  for (;;) {
    const pair = findMergeable(merged, foreign);
    if (pair === null) break;
    merged = [...merged.filter((box) => box !== pair[0] && box !== pair[1]), around(pair[0], pair[1])];
  }
  const bridges = merged.flatMap((box, index) =>
    merged.slice(index + 1).flatMap((other) => {
      const bridge = bridgeBoxes(box, other);
      return bridge !== null && !foreign.some((node) => overlaps(bridge, node)) ? [bridge] : [];
    }),
  );
  return [...merged, ...bridges];
}

function findMergeable(boxes: readonly Box[], foreign: readonly Box[]): readonly [Box, Box] | null {
  let best: readonly [Box, Box] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const distance = distanceBetween(box, other);
      if (distance >= least) continue;
      const joined = around(box, other);
      if (foreign.some((node) => overlaps(joined, node))) continue;
      least = distance;
      best = [box, other];
    }
  }
  return best;
}

/** The strip between two boxes that face each other, as wide as both of them share. */
function bridgeBoxes(a: Box, b: Box): Box | null {
  const left = Math.max(a.left, b.left);
  const right = Math.min(a.right, b.right);
  const top = Math.max(a.top, b.top);
  const bottom = Math.min(a.bottom, b.bottom);
  if (right - left > 24 && top >= bottom) return { left, right, top: bottom - 1, bottom: top + 1 };
  if (bottom - top > 24 && left >= right) return { left: right - 1, right: left + 1, top, bottom };
  return null;
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function distanceBetween(a: Box, b: Box): number {
  const x = Math.max(0, a.left - b.right, b.left - a.right);
  const y = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  return x + y;
}
