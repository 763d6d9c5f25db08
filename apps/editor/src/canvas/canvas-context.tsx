import type { Problem } from '@kumiki/flow';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NodeRun } from '../run/run-state.ts';
import type { WireStart } from './find-partners.ts';

/** A wire that is being pulled: from which port, and what each port on the other side says to it (null: it fits). */
export type PulledWire = { readonly start: WireStart; readonly answers: ReadonlyMap<string, Problem | null> };

type CanvasState = {
  readonly pulled: PulledWire | null;
  /** The node whose title is being edited in its place. */
  readonly renaming: string | null;
};

/** What belongs to the view alone: neither the document nor the run knows of it. */
export type CanvasStore = ReturnType<typeof createCanvasStore>;

export function createCanvasStore() {
  return createStore<CanvasState>()(() => ({ pulled: null, renaming: null }));
}

type CanvasView = { readonly store: CanvasStore; readonly shown: ReadonlyMap<string, NodeRun> };

export const CanvasContext = createContext<CanvasView | null>(null);

function useCanvasView(): CanvasView {
  const view = useContext(CanvasContext);
  if (view === null) throw new Error('Used outside the canvas');
  return view;
}

export function useCanvas<Value>(select: (state: CanvasState) => Value): Value {
  return useStore(useCanvasView().store, select);
}

export function useCanvasStore(): CanvasStore {
  return useCanvasView().store;
}

/** What a run says about a node; null where none does. */
export function useShownNode(id: string): NodeRun | null {
  return useCanvasView().shown.get(id) ?? null;
}
