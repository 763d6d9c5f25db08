import { useMemo, useState } from 'react';
import { useDerivedFlow, useFlow, useRuns } from '../flow/flow-context.tsx';
import { listShownNodes } from '../run/shown-states.ts';
import { chooseBody, chooseWireState, findCanvasBands, layWires, listWires, placeNodes } from './canvas-model.ts';
import { createNodeLister } from './canvas-nodes.ts';
import type { WireEdgeType } from './wire-edge.tsx';

export type Scene = ReturnType<typeof useScene>;

/** All that is drawn, from the document, the drag under way, the selection and the runs. */
export function useScene() {
  const document = useFlow((state) => state.document);
  const dragged = useFlow((state) => state.dragged);
  const selected = useFlow((state) => state.selected);
  const selectedEdges = useFlow((state) => state.selectedEdges);
  const derived = useDerivedFlow();
  const runs = useRuns((state) => state);
  const [listNodes] = useState(createNodeLister);

  const shown = useMemo(() => listShownNodes(runs, derived.graph, derived.binding.nodes), [runs, derived]);
  // Bodies change seldom while text streams many times a second: places hang on this text, not on the runs.
  const bodyKey = JSON.stringify([...shown].map(([id, run]) => [id, chooseBody(run)]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: see bodyKey
  const placed = useMemo(() => {
    const bodies = new Map([...shown].map(([id, run]) => [id, chooseBody(run)]));
    return placeNodes({ document, dragged }, derived, bodies);
  }, [document, dragged, derived, bodyKey]);
  const wires = useMemo(() => listWires(document, derived), [document, derived]);
  const drawn = useMemo(() => layWires(wires, placed), [wires, placed]);
  const bands = useMemo(() => findCanvasBands(derived, placed), [derived, placed]);
  const nodes = useMemo(
    () => listNodes(document, placed, dragged, selected),
    [listNodes, document, placed, dragged, selected],
  );

  const stateKey = JSON.stringify([...shown].map(([id, run]) => [id, run.state]));
  // biome-ignore lint/correctness/useExhaustiveDependencies: see stateKey
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
              state: chooseWireState(shown.get(wire.from.node)?.state ?? null),
              joints: drawn.joints.filter((joint) => joint.wire === wire.id).map(({ at }) => at),
            },
          },
        ];
      }),
    [wires, drawn, selectedEdges, stateKey],
  );

  const colourOf = (id: string): string => {
    if (selected.has(id)) return 'var(--accent)';
    if (shown.get(id)?.state === 'failed') return 'var(--state-failed)';
    const time = derived.binding.nodes.get(id);
    if (time === undefined) return 'var(--line)';
    return time === 'build' ? 'var(--build-line)' : 'var(--request-line)';
  };

  return { nodes, edges, bands, wires, placed, shown, colourOf };
}
