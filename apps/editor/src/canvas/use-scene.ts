import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerivedFlow, useFlow, useRuns } from '../flow/flow-context.tsx';
import { useLocalised } from '../i18n/use-localised.ts';
import type { NodeRun, NodeState } from '../run/run-state.ts';
import { listShownNodes } from '../run/shown-states.ts';
import {
  chooseBody,
  chooseWireState,
  createWireLayer,
  findCanvasBands,
  listWires,
  placeNodes,
  type Wire,
} from './canvas-model.ts';
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
  const [layWires] = useState(createWireLayer);
  const isDragging = dragged !== null;

  const placed = useMemo(
    () => placeNodes({ document, dragged }, derived, readEntries<NodeBody>(bodyKey)),
    [document, dragged, derived, bodyKey],
  );
  const states = useMemo(() => readEntries<NodeState>(stateKey), [stateKey]);
  const wires = useMemo(() => listWires(document, derived), [document, derived]);
  const drawn = useMemo(() => layWires(wires, placed, isDragging), [layWires, wires, placed, isDragging]);
  const bands = useMemo(() => findCanvasBands(derived, placed), [derived, placed]);
  const nodes = useMemo(
    () => listNodes(document, placed, dragged, selected),
    [listNodes, document, placed, dragged, selected],
  );

  const describeWire = useWireLabel();
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
            ariaLabel: describeWire(wire),
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
    [wires, drawn, selectedEdges, states, describeWire],
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

/** What a reader says of a wire: between which nodes it runs and what travels on it. */
function useWireLabel(): (wire: Wire) => string {
  const { t } = useTranslation();
  const localise = useLocalised();
  const { graph } = useDerivedFlow();
  return useCallback(
    ({ from, to, kind }) => {
      const nameOf = (id: string) => {
        const node = graph.nodes.get(id);
        return node === undefined ? id : (node.node.title ?? localise(node.description.title));
      };
      return t('canvas.wireLabel', { from: nameOf(from.node), to: nameOf(to.node), kind: t(`nodes.kind.${kind}`) });
    },
    [t, localise, graph],
  );
}

/** Entries as text, so that React sees whether anything in them has changed. */
function writeEntries<Value>(shown: ReadonlyMap<string, NodeRun>, choose: (run: NodeRun) => Value): string {
  return JSON.stringify([...shown].map(([id, run]) => [id, choose(run)]));
}

/** What `writeEntries` has written. */
function readEntries<Value>(text: string): ReadonlyMap<string, Value> {
  return new Map(JSON.parse(text) as [string, Value][]);
}
