import type { FlowDocument, Problem } from '@kumiki/flow';
import { create } from 'zustand';
import { ApiError } from '../api/problem.ts';

type Refusals = {
  /** The document that was refused: any other may be sound. */
  readonly document: FlowDocument | null;
  readonly problems: readonly Problem[];
  readonly keep: (document: FlowDocument, error: unknown) => void;
};

/** Problems that only the server can see, from when it last refused to build or to ask this very document. */
export const useRefusals = create<Refusals>()((set) => ({
  document: null,
  problems: [],
  keep: (document, error) => {
    if (error instanceof ApiError && error.problems.length > 0) set({ document, problems: error.problems });
  },
}));

/** The problems of a document with those that the server adds. */
export function addRefused(
  problems: readonly Problem[],
  document: FlowDocument,
  refusals: Pick<Refusals, 'document' | 'problems'>,
): readonly Problem[] {
  if (refusals.document !== document) return problems;
  const known = new Set(problems.map(({ code, path }) => `${code} ${path}`));
  return [...problems, ...refusals.problems.filter(({ code, path }) => !known.has(`${code} ${path}`))];
}
