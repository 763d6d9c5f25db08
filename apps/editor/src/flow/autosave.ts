import { ApiError } from '../api/problem.ts';
import { type FlowState, type FlowStore, isUnsaved } from './flow-store.ts';

type Save = (
  call: { readonly id: string; readonly revision: number; readonly document: FlowState['document'] },
  signal: AbortSignal,
) => Promise<number>;

export type Autosave = {
  /** Saves at once what is unsaved, and resolves when it is saved; rejects where it cannot be. */
  readonly flush: () => Promise<void>;
  readonly stop: () => void;
};

/**
 * Saves the document a moment after its last change. One save is under way at a time. A refused revision (412) is a
 * conflict: nothing is saved until a person has chosen. Another failure is tried again with the next change or `flush`.
 */
export function startAutosave(store: FlowStore, save: Save, delay = 800): Autosave {
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | null = null;

  const saveOnce = async (): Promise<void> => {
    const { id, document, revision, markSaved, setSave } = store.getState();
    setSave({ state: 'saving' });
    try {
      const saved = await save({ id, revision, document }, aborter.signal);
      if (!aborter.signal.aborted) markSaved(document, saved);
    } catch (error) {
      if (aborter.signal.aborted) return;
      setSave(error instanceof ApiError && error.status === 412 ? { state: 'conflict' } : { state: 'failed', error });
      throw error;
    }
  };

  const saveAll = async (): Promise<void> => {
    while (isUnsaved(store.getState()) && store.getState().save.state !== 'conflict' && !aborter.signal.aborted) {
      await saveOnce();
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    underWay ??= saveAll().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document || !isUnsaved(state) || state.save.state === 'conflict') return;
    clearTimeout(timer);
    // The failure stands in the store, where the top bar shows it.
    timer = setTimeout(() => void flush().catch(() => undefined), delay);
  });

  return {
    flush,
    stop: () => {
      unsubscribe();
      clearTimeout(timer);
      aborter.abort();
    },
  };
}
