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
      const { document, nodeTypes } = flow.getState();
      const answers = askPorts(document, nodeTypes, start);
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
      const target = describeDrop(state);
      const refusal = target.port === null ? null : pulled.answers.get(target.port);
      if (refusal) onRefuse({ problem: refusal, screen: pointOf(event) });
      if (target.port !== null) return;
      if (target.node !== null) {
        const port = onlyFittingPort(pulled.answers, target.node);
        if (port !== null) flow.getState().connect(makeEdge(pulled.start, port));
        return;
      }
      const screen = pointOf(event);
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

function describeDrop({ toNode, toHandle }: FinalConnectionState): { node: string | null; port: string | null } {
  if (toNode === null) return { node: null, port: null };
  const port = toHandle?.id ?? null;
  return { node: toNode.id, port: port === null ? null : formatPortAddress({ node: toNode.id, port }) };
}

function pointOf(event: MouseEvent | TouchEvent): Point {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}
