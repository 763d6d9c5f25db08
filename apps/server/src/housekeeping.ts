import type { Log } from './http/log.ts';

const everyMilliseconds = 3_600_000;

/** Something that has to be done now and then, by any process and any number of times. */
export type Chore = { readonly name: string; readonly run: (signal: AbortSignal) => Promise<unknown> };

/** Does the chores every hour, the first time an hour after the start, which has enough to do. */
export function startHousekeeping(chores: readonly Chore[], log: Log): { stop(): Promise<void> } {
  let working = Promise.resolve();
  const stopping = new AbortController();
  const work = async () => {
    for (const { name, run } of chores) {
      if (stopping.signal.aborted) return;
      // What fails now, with the database away, is done an hour later.
      await run(stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) log.warn({ error, chore: name }, 'housekeeping failed');
      });
    }
  };
  const timer = setInterval(() => {
    working = working.then(work);
  }, everyMilliseconds);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort(new DOMException('Kumiki is stopping', 'AbortError'));
      await working;
    },
  };
}
