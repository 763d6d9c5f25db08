import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { edgeId } from '../flow/edge-id.ts';
import { useOpenFlow } from '../flow/flow-context.tsx';
import type { FlowState } from '../flow/flow-store.ts';
import { reportError } from '../shell/notices.ts';
import type { CanvasStore } from './canvas-context.tsx';
import { findNextOutput } from './find-partners.ts';
import { nodeWidth, portOffset } from './node-geometry.ts';
import { isWriting } from './typing-target.ts';
import { useFit } from './use-fit.ts';
import type { LooseWire } from './use-wiring.ts';

type ShortcutOptions = {
  readonly store: CanvasStore;
  readonly onTidyUp: () => void;
  readonly onHelp: () => void;
  /** Asks what comes behind a node. */
  readonly onNext: (wire: LooseWire) => void;
};

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const smallStep = 6;
const largeStep = 60;

/** The keys of the editor. None of them works while something is written or an input method composes. */
export function useShortcuts({ store, onTidyUp, onHelp, onNext }: ShortcutOptions): void {
  const { flow, autosave } = useOpenFlow();
  const view = useReactFlow();
  const fit = useFit();

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // 229: a key that an input method has taken, in browsers that do not say so otherwise.
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void autosave.flush().catch(reportError);
        return;
      }
      if (isWriting(event.target)) return;
      const state = flow.getState();
      const act = command ? findCommand(event, state) : findKey(event, state);
      if (act === null) return;
      event.preventDefault();
      act();
    };

    const findCommand = (event: KeyboardEvent, state: FlowState): (() => void) | null => {
      switch (event.key.toLowerCase()) {
        case 'z':
          return event.shiftKey ? state.redo : state.undo;
        case 'y':
          return state.redo;
        case 'd':
          return state.duplicateSelection;
        case 'a':
          return state.selectAll;
        case '0':
          return () => void view.zoomTo(1);
        default:
          return null;
      }
    };

    const findKey = (event: KeyboardEvent, state: FlowState): (() => void) | null => {
      const arrow = arrows[event.key];
      if (arrow !== undefined && state.selected.size > 0 && !(event.target instanceof HTMLButtonElement)) {
        const step = event.shiftKey ? largeStep : smallStep;
        return () => state.nudgeSelection({ x: arrow.x * step, y: arrow.y * step });
      }
      switch (event.key) {
        case 'Delete':
        case 'Backspace':
          return state.selected.size + state.selectedEdges.size > 0 ? state.deleteSelection : null;
        case 'Escape':
          return () => state.select([]);
        case '/':
          return () => document.getElementById('palette-search')?.focus();
        case '?':
          return onHelp;
        case '+':
        case '=':
          return () => void view.zoomIn();
        case '-':
          return () => void view.zoomOut();
        case '1':
          return () => fit();
        case 'L':
          return onTidyUp;
        case 'n':
          return () => askNext(state);
        case 'F2': {
          const [only] = state.selected;
          return only === undefined ? null : () => store.setState({ renaming: only });
        }
        case 'Enter':
        case ' ':
          return selectFocused(event.target, state);
        default:
          return null;
      }
    };

    const askNext = (state: FlowState) => {
      const [only] = state.selected;
      const node = only === undefined ? undefined : state.document.nodes[only];
      const start = only === undefined ? null : findNextOutput(state, only);
      if (node === undefined || start === null) return;
      const canvas = { x: node.position.x + nodeWidth + 34, y: node.position.y + portOffset(0) };
      onNext({ start, canvas, screen: view.flowToScreenPosition(canvas), byKey: true });
    };

    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [flow, autosave, view, fit, store, onTidyUp, onHelp, onNext]);
}

/** Enter or the space bar on a node or wire that has the focus selects it. */
function selectFocused(target: EventTarget | null, state: FlowState): (() => void) | null {
  if (!(target instanceof Element) || !target.matches('.react-flow__node, .react-flow__edge')) return null;
  const id = target.getAttribute('data-id');
  if (id === null) return null;
  const isEdge = state.document.edges.some((edge) => edgeId(edge) === id);
  return () => (isEdge ? state.select([], [id]) : state.select([id]));
}
