import type { LocalisedText } from '@kumiki/flow';
import { createStore } from 'zustand/vanilla';
import { pullModel } from '../api/models.ts';
import { describeError } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';

export type ModelFetch =
  | { readonly phase: 'fetching'; readonly bytes: number; readonly total: number | null }
  | { readonly phase: 'failed'; readonly error: LocalisedText };

type ModelFetches = {
  /** By the model's name. A model that has been fetched is no longer here: its list says that it is ready. */
  readonly fetches: Readonly<Record<string, ModelFetch>>;
  readonly fetchModel: (name: string) => Promise<void>;
};

type Options = { readonly pull?: typeof pullModel; readonly onEnd?: () => Promise<unknown> };

/** Fetching a model takes minutes and is followed from the page of models as well as from a node's settings. */
export function createModelFetches({
  pull = pullModel,
  onEnd = () => queryClient.invalidateQueries({ queryKey: ['models'] }),
}: Options = {}) {
  return createStore<ModelFetches>()((set, get) => {
    const put = (name: string, fetch: ModelFetch) => set(({ fetches }) => ({ fetches: { ...fetches, [name]: fetch } }));
    return {
      fetches: {},
      fetchModel: async (name) => {
        if (get().fetches[name]?.phase === 'fetching') return;
        put(name, { phase: 'fetching', bytes: 0, total: null });
        try {
          const { signal } = new AbortController();
          await pull(name, ({ bytes, total }) => put(name, { phase: 'fetching', bytes, total }), signal);
          await onEnd();
          set(({ fetches: { [name]: _, ...rest } }) => ({ fetches: rest }));
        } catch (error) {
          put(name, { phase: 'failed', error: describeError(error) });
        }
      },
    };
  });
}

export const modelFetches = createModelFetches();
