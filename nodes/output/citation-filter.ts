import type { TextFilter } from '@kumiki/node-sdk';
import { measureUnfinishedMarker, settleMarkers } from './citation-markers.ts';

/**
 * Settles citation markers in a text that arrives in pieces: it holds back from `[` only as long as what follows can
 * still become a marker, and drops numbers to which no passage belongs. What comes out is the same however the text
 * was cut, and the same as `settleMarkers` makes of the whole.
 */
export function createCitationFilter(passages: number): TextFilter {
  let held = '';
  return {
    push(delta) {
      const text = held + delta;
      const settledLength = text.length - measureUnfinishedMarker(text);
      held = text.slice(settledLength);
      return settleMarkers(text.slice(0, settledLength), passages).text;
    },
    flush() {
      const rest = settleMarkers(held, passages).text;
      held = '';
      return rest;
    },
  };
}

/** Lets text pass as it is: where there are no passages, a bracket is only a bracket. */
export function createPassThrough(): TextFilter {
  return { push: (delta) => delta, flush: () => '' };
}
