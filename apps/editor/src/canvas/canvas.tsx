import {
  Background,
  BackgroundVariant,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  type NodeTypes,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { type DragEvent, type MouseEvent, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFlow, useFlowActions, useOpenFlow } from '../flow/flow-context.tsx';
import { nodeTypeMime } from '../palette/node-type-mime.ts';
import { useTheme } from '../theme/use-theme.ts';
import { BandLayer } from './band-layer.tsx';
import styles from './canvas.module.css';
import { CanvasContext, createCanvasStore } from './canvas-context.tsx';
import { CanvasMenu, type MenuTarget } from './canvas-menu.tsx';
import type { CanvasNode } from './canvas-nodes.ts';
import { FlowNode } from './flow-node.tsx';
import { nodeWidth } from './node-geometry.ts';
import { NoteNode } from './note-node.tsx';
import { PulledWireLine } from './pulled-wire.tsx';
import { QuickPalette } from './quick-palette.tsx';
import { RefusalCallout } from './refusal-callout.tsx';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { useClipboard } from './use-clipboard.ts';
import { useFit } from './use-fit.ts';
import { useScene } from './use-scene.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTidyUp } from './use-tidy-up.ts';
import { type LooseWire, type Refusal, useWiring } from './use-wiring.ts';
import { WireEdge, type WireEdgeType } from './wire-edge.tsx';
import { ZoomBar } from './zoom-bar.tsx';

const nodeTypes: NodeTypes = { flow: FlowNode, note: NoteNode };
const edgeTypes = { wire: WireEdge };
const grid: [number, number] = [6, 6];
const withoutAttribution = { hideAttribution: true };

/** The drawing of the open flow, and all that hands do on it. */
export function Canvas() {
  const { t } = useTranslation();
  const theme = useTheme();
  const [store] = useState(createCanvasStore);
  const scene = useScene();
  const isEmpty = useFlow(({ document }) => Object.keys(document.nodes).length === 0 && document.notes.length === 0);
  const { select } = useFlowActions();
  const [loose, setLoose] = useState<LooseWire | null>(null);
  const [menu, setMenu] = useState<MenuTarget | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  const wiring = useWiring(store, { onLoose: setLoose, onRefuse: setRefusal });
  const changes = useChanges();
  const dropping = useDropping();
  const tidyUp = useTidyUp(scene);
  const fit = useFit();
  useClipboard();
  useShortcuts({ store, onTidyUp: tidyUp, onHelp: openHelp, onNext: setLoose });

  const ariaLabels = useMemo(
    () => ({
      'node.a11yDescription.default': t('canvas.nodeKeys'),
      'node.a11yDescription.keyboardDisabled': t('canvas.nodeKeys'),
      'edge.a11yDescription.default': t('canvas.wireKeys'),
      'minimap.ariaLabel': t('canvas.minimap'),
      'handle.ariaLabel': t('canvas.port'),
    }),
    [t],
  );
  const openMenu = useCallback(
    (event: MouseEvent | globalThis.MouseEvent, item: { node: string } | { edge: string } | null) => {
      event.preventDefault();
      setMenu({ screen: { x: event.clientX, y: event.clientY }, item });
    },
    [],
  );

  return (
    <CanvasContext value={store}>
      <div className={styles.canvas}>
        <ReactFlow<CanvasNode, WireEdgeType>
          nodes={scene.nodes}
          edges={scene.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={theme}
          {...changes}
          {...wiring}
          {...dropping}
          connectionLineComponent={PulledWireLine}
          connectionRadius={22}
          snapToGrid
          snapGrid={grid}
          minZoom={0.2}
          maxZoom={2}
          onInit={() => fit(0)}
          deleteKeyCode={null}
          zoomOnDoubleClick={false}
          elevateEdgesOnSelect={false}
          disableKeyboardA11y
          ariaLabelConfig={ariaLabels}
          proOptions={withoutAttribution}
          onPaneClick={() => select([])}
          onPaneContextMenu={(event) => openMenu(event, null)}
          onNodeContextMenu={(event, node) => openMenu(event, { node: node.id })}
          onSelectionContextMenu={(event, nodes) =>
            openMenu(event, nodes[0] === undefined ? null : { node: nodes[0].id })
          }
          onEdgeContextMenu={(event, edge) => openMenu(event, { edge: edge.id })}
        >
          <BandLayer bands={scene.bands} />
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.6} color="var(--canvas-dot)" />
          <div className={styles.corner}>
            <ZoomBar onTidyUp={tidyUp} />
            <MiniMap<CanvasNode>
              pannable
              ariaLabel={t('canvas.minimap')}
              style={{ width: 146, height: 98 }}
              nodeColor={(node) => scene.colourOf(node.id)}
              nodeBorderRadius={0}
              maskColor="transparent"
              maskStrokeColor="var(--line-strong)"
              maskStrokeWidth={1}
            />
          </div>
        </ReactFlow>
        {isEmpty && (
          <div className={styles.empty}>
            <h2>{t('canvas.emptyTitle')}</h2>
            <p>{t('canvas.emptyText')}</p>
          </div>
        )}
        {refusal !== null && <RefusalCallout refusal={refusal} onClose={() => setRefusal(null)} />}
        {loose !== null && <QuickPalette wire={loose} onClose={() => setLoose(null)} />}
        {menu !== null && <CanvasMenu target={menu} onTidyUp={tidyUp} onClose={() => setMenu(null)} />}
        {helpOpen && <ShortcutsHelp onClose={() => setHelpOpen(false)} />}
      </div>
    </CanvasContext>
  );
}

/** Brings what @xyflow/react reports into the flow: selection at once, places while dragging and at the drop. */
function useChanges() {
  const { drag, drop, select } = useFlowActions();
  const read = useOpenFlow().flow.getState;
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const positions = new Map<string, { x: number; y: number }>();
      const selected = new Set(read().selected);
      let ended = false;
      for (const change of changes) {
        if (change.type === 'select') {
          if (change.selected) selected.add(change.id);
          else selected.delete(change.id);
        } else if (change.type === 'position') {
          if (change.position !== undefined) positions.set(change.id, change.position);
          ended ||= change.dragging === false;
        }
      }
      select(selected, read().selectedEdges);
      if (positions.size > 0) drag(positions);
      if (ended) drop();
    },
    [drag, drop, select, read],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdgeType>[]) => {
      const selectedEdges = new Set(read().selectedEdges);
      for (const change of changes) {
        if (change.type !== 'select') continue;
        if (change.selected) selectedEdges.add(change.id);
        else selectedEdges.delete(change.id);
      }
      select(read().selected, selectedEdges);
    },
    [select, read],
  );
  return { onNodesChange, onEdgesChange };
}

/** A node type dragged out of the palette lands where it is dropped. */
function useDropping() {
  const { addNode } = useFlowActions();
  const { screenToFlowPosition } = useReactFlow();
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(nodeTypeMime)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(nodeTypeMime);
    if (type === '') return;
    event.preventDefault();
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    addNode(type, { x: x - nodeWidth / 2, y: y - 12 });
  };
  return { onDragOver, onDrop };
}
