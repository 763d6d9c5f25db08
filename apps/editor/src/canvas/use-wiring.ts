import { formatPortAddress, type Problem } from '@kumiki/flow';
import {
  type Connection,
  type FinalConnectionState,
  type IsValidConnection,
  type OnConnect,
  type OnConnectEnd,
  type OnConnectStart,
  type OnReconnect,
  useReactFlow,
} from '@xyflow/react';
import { useCallback, useMemo } from 'react';
import { useOpenFlow } from '../flow/flow-context.tsx';
import { useNotices } from '../shell/notices.ts';
import type { CanvasStore } from './canvas-context.tsx';
import { askPorts, makeEdge, onlyFittingPort, type WireStart } from './find-partners.ts';
import type { WireEdgeType } from './wire-edge.tsx';

/** A wire that was let go over empty canvas, or that a key asked for: from which port, and where it is to lead. */
export type LooseWire = {
  readonly start: WireStart;
  readonly screen: Point;
  readonly canvas: Point;
  /** By key: nodes that are there already can be chosen too. */
  readonly byKey: boolean;
};
type Point = { readonly x: number; readonly y: number };

export type Refusal = { readonly problem: Problem; readonly screen: Point };

export type WiringOutcome = {
  readonly onLoose: (wire: LooseWire) => void;
  readonly onRefuse: (refusal: Refusal) => void;
};

/** Pulling wires: which ports light up, what a drop does, why a port refuses. */
export function useWiring(store: CanvasStore, on: WiringOutcome) {
  const { onLoose, onRefuse } = on;
  const { flow } = useOpenFlow();
  const { screenToFlowPosition } = useReactFlow();
  const say = useNotices(({ say }) => say);

  const onConnectStart = useCallback<OnConnectStart>(
    (_, { nodeId, handleId, handleType }) => {
      if (nodeId === null || handleId === null || handleType === null) return;
      const start = { address: formatPortAddress({ node: nodeId, port: handleId }), side: sideOf(handleType) };
      const answers = askPorts(flow.getState(), start);
      store.setState({ pulled: { start, answers } });
    },
    [flow, store],
  );

  const onConnect = useCallback<OnConnect>(
    (connection) => {
      const problem = flow.getState().connect(edgeOf(connection));
      if (problem !== null) say(problem.message);
    },
    [flow, say],
  );

  const onConnectEnd = useCallback<OnConnectEnd>(
    (event, state) => {
      const { pulled } = store.getState();
      store.setState({ pulled: null });
      if (pulled === null || state.isValid === true) return;
      const port = findDropPort(state);
      const refusal = port === null ? null : pulled.answers.get(port);
      const screen = pointOf(event);
      // A wire that is let go where it was before needs no word.
      if (refusal && refusal.code !== 'duplicate-edge') onRefuse({ problem: refusal, screen });
      if (port !== null || !isOnCanvas(screen)) return;
      const body = findNodeAt(screen);
      if (body !== null) {
        const fitting = onlyFittingPort(pulled.answers, body);
        if (fitting !== null) flow.getState().connect(makeEdge(pulled.start, fitting));
        return;
      }
      onLoose({ start: pulled.start, screen, canvas: screenToFlowPosition(screen), byKey: false });
    },
    [flow, store, onRefuse, screenToFlowPosition, onLoose],
  );

  const isValidConnection = useCallback<IsValidConnection<WireEdgeType>>(
    (connection) => {
      const { pulled } = store.getState();
      if (pulled === null) return true;
      const { from, to } = edgeOf(connection);
      return pulled.answers.get(pulled.start.side === 'output' ? to : from) === null;
    },
    [store],
  );

  const onReconnect = useCallback<OnReconnect<WireEdgeType>>(
    (old, connection) => {
      const problem = flow.getState().reconnect(old.id, edgeOf(connection));
      if (problem !== null) say(problem.message);
    },
    [flow, say],
  );

  return useMemo(
    () => ({ onConnectStart, onConnect, onConnectEnd, isValidConnection, onReconnect }),
    [onConnectStart, onConnect, onConnectEnd, isValidConnection, onReconnect],
  );
}

type Ends = Pick<Connection, 'source' | 'target'> & {
  readonly sourceHandle?: string | null | undefined;
  readonly targetHandle?: string | null | undefined;
};

function edgeOf({ source, sourceHandle, target, targetHandle }: Ends) {
  return {
    from: formatPortAddress({ node: source, port: sourceHandle ?? '' }),
    to: formatPortAddress({ node: target, port: targetHandle ?? '' }),
  };
}

function sideOf(handle: 'source' | 'target'): WireStart['side'] {
  return handle === 'source' ? 'output' : 'input';
}

function findDropPort({ toNode, toHandle }: FinalConnectionState): string | null {
  const port = toHandle?.id ?? null;
  return toNode === null || port === null ? null : formatPortAddress({ node: toNode.id, port });
}

function isOnCanvas({ x, y }: Point): boolean {
  return document.elementFromPoint(x, y)?.closest('.react-flow') != null;
}

/** The node below a point of the screen: a wire may be let go anywhere over it. */
function findNodeAt({ x, y }: Point): string | null {
  const node = document.elementFromPoint(x, y)?.closest('.react-flow__node');
  return node?.getAttribute('data-id') ?? null;
}

function pointOf(event: MouseEvent | TouchEvent): Point {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}
