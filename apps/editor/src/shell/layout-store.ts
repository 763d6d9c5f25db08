import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const panelTabs = ['ask', 'timeline', 'problems'] as const;
export type PanelTab = (typeof panelTabs)[number];

export const docks = ['palette', 'inspector', 'panel'] as const;
export type Dock = (typeof docks)[number];

/** Least and most of each dock in pixels: the palette's and the inspector's width, the panel's height. */
export const dockLimits: Readonly<Record<Dock, readonly [least: number, most: number]>> = {
  palette: [168, 320],
  inspector: [300, 560],
  panel: [150, 560],
};

type Layout = {
  readonly sizes: Readonly<Record<Dock, number>>;
  readonly tab: PanelTab;
  readonly panelOpen: boolean;
  readonly setSize: (dock: Dock, size: number) => void;
  /** Shows a tab of the lower panel, and opens the panel where it is closed. */
  readonly showTab: (tab: PanelTab) => void;
  readonly setPanelOpen: (open: boolean) => void;
};

/** How this person has arranged the editor in this browser. */
export const useLayout = create<Layout>()(
  persist(
    (set) => ({
      sizes: { palette: 188, inspector: 356, panel: 232 },
      tab: 'ask',
      panelOpen: true,
      setSize: (dock, size) => set(({ sizes }) => ({ sizes: { ...sizes, [dock]: clampSize(dock, size) } })),
      showTab: (tab) => set({ tab, panelOpen: true }),
      setPanelOpen: (panelOpen) => set({ panelOpen }),
    }),
    { name: 'kumiki.layout', partialize: ({ sizes, panelOpen }) => ({ sizes, panelOpen }) },
  ),
);

export function clampSize(dock: Dock, size: number): number {
  const [least, most] = dockLimits[dock];
  return Math.round(Math.min(most, Math.max(least, size)));
}
