export type StopText = {
  /** Takes what was generated and gives what may be shown: all but an end that might become a stop text. */
  push(text: string): { readonly shown: string; readonly stopped: boolean };
  /** What was held back, once no more can come. */
  flush(): string;
};

/** Ends a streamed text before the first of the stop texts, also where one is spread over several pieces. */
export function createStopText(stops: readonly string[]): StopText {
  const wanted = stops.filter((stop) => stop !== '');
  let held = '';
  return {
    push(text) {
      held += text;
      const ends = wanted.map((stop) => held.indexOf(stop)).filter((index) => index >= 0);
      if (ends.length > 0) {
        const shown = held.slice(0, Math.min(...ends));
        held = '';
        return { shown, stopped: true };
      }
      const keep = Math.max(0, ...wanted.map((stop) => overlap(held, stop)));
      const shown = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { shown, stopped: false };
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** Length of the longest end of `text` that is a beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length -= 1) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
