import type { LocalisedText } from '@kumiki/flow';
import { create } from 'zustand';
import { ApiError, describeError } from '../../api/problem.ts';
import type { RunControl } from '../../run/run-control.ts';

export type AskInputs = Readonly<Record<string, unknown>>;

/** One question and where its answer comes from. */
export type AskEntry = {
  readonly key: number;
  readonly flow: string;
  readonly inputs: AskInputs;
  /** The arm that was asked; null: all of them. */
  readonly output: string | null;
  /** By this machine's clock; null for a question of another time. */
  readonly askedAt: number | null;
  /** Null until the server has taken it, and for ever where it refused. */
  readonly run: string | null;
  readonly refusal: { readonly code: string; readonly texts: LocalisedText } | null;
};

type AskStore = {
  readonly entries: readonly AskEntry[];
  /** Asks, and keeps what comes of it. Resolves once the server has taken or refused the question. */
  readonly ask: (question: Pick<AskEntry, 'flow' | 'inputs' | 'output'>, control: RunControl) => Promise<void>;
  /** A question of another time, which is shown again. */
  readonly recall: (question: Pick<AskEntry, 'flow' | 'inputs' | 'output'> & { readonly run: string }) => void;
};

/** The questions of this session, oldest first. They outlive the panel, but not the page. */
export const useAsked = create<AskStore>()((set, get) => {
  const nextKey = () => (get().entries.at(-1)?.key ?? 0) + 1;
  const change = (key: number, changes: Partial<AskEntry>) =>
    set(({ entries }) => ({ entries: entries.map((entry) => (entry.key === key ? { ...entry, ...changes } : entry)) }));
  return {
    entries: [],
    ask: async (question, control) => {
      const key = nextKey();
      set(({ entries }) => ({
        entries: [...entries, { ...question, key, askedAt: Date.now(), run: null, refusal: null }],
      }));
      const { inputs, output } = question;
      try {
        change(key, { run: await control.ask({ inputs, ...(output === null ? {} : { output }) }) });
      } catch (error) {
        const code = error instanceof ApiError ? error.code : 'unexpected';
        change(key, { refusal: { code, texts: describeError(error) } });
      }
    },
    recall: (question) => {
      if (get().entries.some(({ run }) => run === question.run)) return;
      set(({ entries }) => ({ entries: [...entries, { ...question, key: nextKey(), askedAt: null, refusal: null }] }));
    },
  };
});
