import { create } from 'zustand';

type InspectorFocus = {
  /** The setting that the inspector is to bring into view; a new object each time it is asked for. */
  readonly wanted: { readonly node: string; readonly setting: string } | null;
  readonly focusSetting: (node: string, setting: string) => void;
};

/** Lets problems lead to the very field that they are about. */
export const useInspectorFocus = create<InspectorFocus>()((set) => ({
  wanted: null,
  focusSetting: (node, setting) => set({ wanted: { node, setting } }),
}));
