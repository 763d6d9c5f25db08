import { type BindingTime, type FlowDocument, isStreamKind, type PortKind, parsePortAddress } from '@kumiki/flow';
import type { DerivedFlow } from '../flow/derive-flow.ts';
import { edgeId } from '../flow/edge-id.ts';
import type { FlowState } from '../flow/flow-store.ts';
import type { NodeRun, NodeState } from '../run/run-state.ts';
import { hasCurve } from '../run/training-run.ts';
import { type DrawnWires, drawWires } from './draw-wires.ts';
import { type Band, findBands } from './find-bands.ts';
import { emptyBody, inputPoint, type NodeBody, outputPoint, type PlacedNode, placeNode } from './node-geometry.ts';
import { type Routes, routeWires, type WireEnds } from './route-wires.ts';

/** What a node shows between ports and foot, by what a run has told about it. */
export function chooseBody(run: NodeRun | null): NodeBody {
  if (run === null) return emptyBody;
  return {
    preview: run.state === 'streaming',
    tokens: run.usage !== null,
    curve: run.training !== null && hasCurve(run.training),
    bar: run.state === 'running' && run.progress !== null && run.progress.total !== null,
  };
}

/** All nodes in their places: where they are dragged to, else where the document has them. */
export function placeNodes(
  { document, dragged }: Pick<FlowState, 'document' | 'dragged'>,
  { graph }: DerivedFlow,
  bodies: ReadonlyMap<string, NodeBody>,
): ReadonlyMap<string, PlacedNode> {
  return new Map(
    Object.entries(document.nodes).map(([id, node]) => {
      const position = dragged?.get(id) ?? node.position;
      return [id, placeNode(id, graph.nodes.get(id), position, bodies.get(id) ?? emptyBody)];
    }),
  );
}

export type WireState = 'plain' | 'waiting' | 'streaming' | 'failed';

export type Wire = {
  readonly id: string;
  readonly from: { readonly node: string; readonly port: string };
  readonly to: { readonly node: string; readonly port: string };
  readonly kind: PortKind;
  readonly isStream: boolean;
  readonly time: BindingTime;
};

/** The wires that can be drawn: those whose two ports exist. */
export function listWires(document: FlowDocument, { graph, binding }: DerivedFlow): readonly Wire[] {
  return document.edges.flatMap((edge) => {
    const from = parsePortAddress(edge.from);
    const to = parsePortAddress(edge.to);
    const kind = graph.nodes.get(from.node)?.ports.outputs[from.port]?.kind;
    if (kind === undefined || graph.nodes.get(to.node)?.ports.inputs[to.port] === undefined) return [];
    const time = binding.outputs.get(edge.from) ?? 'build';
    return [{ id: edgeId(edge), from, to, kind, isStream: isStreamKind(kind), time }];
  });
}

/**
 * Lays wires anew for each drawing, except while nodes are dragged: then wires that do not follow them stay where they
 * are, so that a drag stays quick and the rest of the drawing quiet.
 */
export function createWireLayer() {
  let routes: Routes = new Map();
  return (wires: readonly Wire[], placed: ReadonlyMap<string, PlacedNode>, isDragging: boolean): DrawnWires => {
    const { ends, boxes } = findEnds(wires, placed);
    routes = routeWires(ends, boxes, isDragging ? routes : undefined);
    return drawWires(ends, routes);
  };
}

function findEnds(wires: readonly Wire[], placed: ReadonlyMap<string, PlacedNode>) {
  const ends: WireEnds[] = wires.flatMap(({ id, from, to }) => {
    const source = placed.get(from.node);
    const target = placed.get(to.node);
    const start = source === undefined ? null : outputPoint(source, from.port);
    const end = target === undefined ? null : inputPoint(target, to.port);
    if (start === null || end === null) return [];
    return [{ id, net: `${from.node}.${from.port}`, goal: `${to.node}.${to.port}`, start, end }];
  });
  const boxes = [...placed.values()].map(({ x, y, width, height }) => ({
    left: x,
    top: y,
    right: x + width,
    bottom: y + height,
  }));
  return { ends, boxes };
}

export function findCanvasBands(derived: DerivedFlow, placed: ReadonlyMap<string, PlacedNode>): readonly Band[] {
  return findBands(derived.graph, derived.binding.nodes, placed);
}

/** A wire shows the state of the node that it comes from. */
export function chooseWireState(source: NodeState | null): WireState {
  switch (source) {
    case 'waiting':
    case 'skipped':
      return 'waiting';
    case 'streaming':
      return 'streaming';
    case 'failed':
      return 'failed';
    default:
      return 'plain';
  }
}
