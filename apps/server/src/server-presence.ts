import { createId, mayOthersAnswer, removeServer, type Store, showServer } from '@kumiki/store';
import type { Log } from './http/log.ts';

const everyMilliseconds = 15_000;

/** Who else answers from the same database: what they hold in memory cannot be asked of them. */
export type ServerPresence = {
  /** Whether another server may still be making an answer that it began before a time. */
  mayOthersAnswer(before: Date): Promise<boolean>;
  /** Takes this process back from those that answer. */
  stop(): Promise<void>;
};

/**
 * Shows this process to the others for as long as it runs, unless it answers nobody, as a worker. Only one has the
 * embedded database open, so there is nobody to show anything to.
 */
export function showPresence(
  { kind, database }: Store,
  {
    answers,
    longestMilliseconds,
    log,
  }: { readonly answers: boolean; readonly longestMilliseconds: number; readonly log: Log },
): ServerPresence {
  if (kind === 'embedded') return { mayOthersAnswer: async () => false, stop: async () => {} };
  const id = createId();
  const mayOthers = (before: Date) => mayOthersAnswer(database, { id, before, longestMilliseconds });
  if (!answers) return { mayOthersAnswer: mayOthers, stop: async () => {} };
  const show = () =>
    showServer(database, id).catch((error: unknown) => log.warn({ error }, 'this server could not show itself'));
  let showing = show();
  const timer = setInterval(() => {
    showing = showing.then(show);
  }, everyMilliseconds);
  timer.unref();
  return {
    mayOthersAnswer: mayOthers,
    async stop() {
      clearInterval(timer);
      await showing;
      await removeServer(database, id).catch((error: unknown) => log.warn({ error }, 'this server could not leave'));
    },
  };
}
