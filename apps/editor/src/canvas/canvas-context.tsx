import type { Problem } from '@kumiki/flow';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useDerivedFlow, useRuns } from '../flow/flow-context.tsx';
import type { NodeRun } from '../run/run-state.ts';
import { findShownNode } from '../run/shown-states.ts';
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

export const CanvasContext = createContext<CanvasStore | null>(null);

export function useCanvasStore(): CanvasStore {
  const store = useContext(CanvasContext);
  if (store === null) throw new Error('Used outside the canvas');
  return store;
}

export function useCanvas<Value>(select: (state: CanvasState) => Value): Value {
  return useStore(useCanvasStore(), select);
}

/** What a run says about a node; null where none does. */
export function useShownNode(id: string): NodeRun | null {
  const { binding } = useDerivedFlow();
  const time = binding.nodes.get(id) ?? 'build';
  return useRuns((state) => findShownNode(state, id, time));
}
