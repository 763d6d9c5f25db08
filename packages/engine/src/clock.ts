/** Time and chance, so that tests can bring their own. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `milliseconds`; the result takes that back. */
  schedule(milliseconds: number, callback: () => void): () => void;
  /** 0 ≤ x < 1. */
  random(): number;
};

export const systemClock: Clock = {
  now: Date.now,
  schedule(milliseconds, callback) {
    // A longer delay than this overflows and would fire at once.
    const timer = setTimeout(callback, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
