import { create } from 'zustand';

/** A place in a document: what a citation or a found passage tells of it. */
export type CitedPlace = {
  /** Path of the loader in the flow and the document's id there: `load/faq.md`. */
  readonly documentId: string;
  readonly documentName: string;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The sentence that fits best, where it is known. */
  readonly quote: string | null;
};

type CitedDocument = {
  readonly place: CitedPlace | null;
  readonly open: (place: CitedPlace) => void;
  readonly close: () => void;
};

/** The place whose document the drawer shows. Citations, found passages and the inspector all open it. */
export const useCitedDocument = create<CitedDocument>()((set) => ({
  place: null,
  open: (place) => set({ place }),
  close: () => set({ place: null }),
}));
