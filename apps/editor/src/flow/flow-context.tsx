import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { RunControl } from '../run/run-control.ts';
import type { RunStore, RunStoreState } from '../run/run-store.ts';
import type { Autosave } from './autosave.ts';
import { type DerivedFlow, deriveFlow } from './derive-flow.ts';
import type { FlowState, FlowStore } from './flow-store.ts';

/** The stores of the open flow. They live as long as the flow is open. */
export type OpenFlow = {
  readonly flow: FlowStore;
  readonly runs: RunStore;
  readonly control: RunControl;
  readonly autosave: Autosave;
};

export const OpenFlowContext = createContext<OpenFlow | null>(null);

export function useOpenFlow(): OpenFlow {
  const open = useContext(OpenFlowContext);
  if (open === null) throw new Error('Used outside an open flow');
  return open;
}

/** Reads the open flow. The selector gives a value that stays the same while nothing of it changes. */
export function useFlow<Value>(select: (state: FlowState) => Value): Value {
  return useStore(useOpenFlow().flow, select);
}

/** What a person can do to the open flow. */
export function useFlowActions(): FlowState {
  return useOpenFlow().flow.getState();
}

/** Ports, binding times and problems of the open flow as it is now. */
export function useDerivedFlow(): DerivedFlow {
  return useFlow(deriveFlow);
}

export function useRuns<Value>(select: (state: RunStoreState) => Value): Value {
  return useStore(useOpenFlow().runs, select);
}
