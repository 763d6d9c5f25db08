import { setImmediate } from 'node:timers/promises';

const slice = 8;

/**
 * Gives the event loop a turn every few milliseconds of a long calculation. `await breathe()` costs next to nothing
 * while the slice is not used up.
 */
export function createBreather(signal: AbortSignal): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < slice) return undefined;
    signal.throwIfAborted();
    return setImmediate().then(() => {
      started = performance.now();
    });
  };
}
