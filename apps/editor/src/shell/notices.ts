import type { LocalisedText } from '@kumiki/flow';
import { create } from 'zustand';
import { describeError } from '../api/problem.ts';

export type Notice = { readonly id: number; readonly tone: 'info' | 'error'; readonly text: LocalisedText };

type Notices = {
  readonly notice: Notice | null;
  readonly say: (text: LocalisedText, tone?: Notice['tone']) => void;
  readonly dismiss: () => void;
};

/** One short notice at a time; a newer one takes the place of the older. It goes by itself. */
export const useNotices = create<Notices>()((set, get) => ({
  notice: null,
  say: (text, tone = 'info') => set({ notice: { id: (get().notice?.id ?? 0) + 1, tone, text } }),
  dismiss: () => set({ notice: null }),
}));

/** Shows what went wrong in an action. What was merely aborted is not worth a word. */
export function reportError(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  useNotices.getState().say(describeError(error), 'error');
}
