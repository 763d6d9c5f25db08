import type { Clock } from '../clock.ts';

export type ManualClock = Clock & {
  /** Lets time pass: what is due is called in its order, and what that sets going comes to rest in between. */
  advance(milliseconds: number): Promise<void>;
  /** How many calls are still to come. */
  readonly pending: number;
};

/** Time that stands still until a test moves it. */
export function createManualClock(): ManualClock {
  let now = 0;
  const calls = new Set<{ readonly at: number; readonly callback: () => void }>();
  const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    random: () => 0,
    schedule(milliseconds, callback) {
      const call = { at: now + milliseconds, callback };
      calls.add(call);
      return () => calls.delete(call);
    },
    async advance(milliseconds) {
      await rest();
      const until = now + milliseconds;
      for (;;) {
        const [next] = [...calls].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        calls.delete(next);
        next.callback();
        await rest();
      }
      now = until;
    },
    get pending() {
      return calls.size;
    },
  };
}
