import { useMemo, useState } from 'react';
import { useDerivedFlow, useFlow, useRuns } from '../flow/flow-context.tsx';
import type { NodeRun, NodeState } from '../run/run-state.ts';
import { listShownNodes } from '../run/shown-states.ts';
import { chooseBody, chooseWireState, findCanvasBands, layWires, listWires, placeNodes } from './canvas-model.ts';
import { createNodeLister } from './canvas-nodes.ts';
import type { NodeBody } from './node-geometry.ts';
import type { WireEdgeType } from './wire-edge.tsx';

export type Scene = ReturnType<typeof useScene>;

/** All that is drawn, from the document, the drag under way, the selection and the runs. */
export function useScene() {
  const document = useFlow((state) => state.document);
  const dragged = useFlow((state) => state.dragged);
  const selected = useFlow((state) => state.selected);
  const selectedEdges = useFlow((state) => state.selectedEdges);
  const derived = useDerivedFlow();
  const times = derived.binding.nodes;
  // Text streams many times a second; what is drawn here changes with states and bodies only, so it hangs on these.
  const stateKey = useRuns((state) => writeEntries(listShownNodes(state, times), (run) => run.state));
  const bodyKey = useRuns((state) => writeEntries(listShownNodes(state, times), chooseBody));
  const [listNodes] = useState(createNodeLister);

  const placed = useMemo(
    () => placeNodes({ document, dragged }, derived, readEntries<NodeBody>(bodyKey)),
    [document, dragged, derived, bodyKey],
  );
  const states = useMemo(() => readEntries<NodeState>(stateKey), [stateKey]);
  const wires = useMemo(() => listWires(document, derived), [document, derived]);
  const drawn = useMemo(() => layWires(wires, placed), [wires, placed]);
  const bands = useMemo(() => findCanvasBands(derived, placed), [derived, placed]);
  const nodes = useMemo(
    () => listNodes(document, placed, dragged, selected),
    [listNodes, document, placed, dragged, selected],
  );

  const edges = useMemo(
    () =>
      wires.flatMap((wire): WireEdgeType[] => {
        const drawing = drawn.wires.get(wire.id);
        if (drawing === undefined) return [];
        return [
          {
            id: wire.id,
            type: 'wire',
            source: wire.from.node,
            sourceHandle: wire.from.port,
            target: wire.to.node,
            targetHandle: wire.to.port,
            selected: selectedEdges.has(wire.id),
            reconnectable: 'target',
            data: {
              wire,
              drawing,
              state: chooseWireState(states.get(wire.from.node) ?? null),
              isMarked: wires.find(({ from }) => from.node === wire.from.node && from.port === wire.from.port) === wire,
              joints: drawn.joints.filter((joint) => joint.wire === wire.id).map(({ at }) => at),
            },
          },
        ];
      }),
    [wires, drawn, selectedEdges, states],
  );

  const colourOf = (id: string): string => {
    if (selected.has(id)) return 'var(--accent)';
    if (states.get(id) === 'failed') return 'var(--state-failed)';
    const time = times.get(id);
    if (time === undefined) return 'var(--line)';
    return time === 'build' ? 'var(--build-line)' : 'var(--request-line)';
  };

  return { nodes, edges, bands, wires, placed, colourOf };
}

/** Entries as text, so that React sees whether anything in them has changed. */
function writeEntries<Value>(shown: ReadonlyMap<string, NodeRun>, choose: (run: NodeRun) => Value): string {
  return JSON.stringify([...shown].map(([id, run]) => [id, choose(run)]));
}

/** What `writeEntries` has written. */
function readEntries<Value>(text: string): ReadonlyMap<string, Value> {
  return new Map(JSON.parse(text) as [string, Value][]);
}
