import type { Span } from './find-sentences.ts';

const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** Where a sentence that is too long is cut, best first. Each is cut behind. */
const seams: readonly RegExp[] = [/\n/g, /[。｡！？!?]/g, /[、，,;；：:・]/g, /[ \t\u3000]/g];

/**
 * Cuts a span into pieces of at most `longest` code units, also when normalised to NFKC: behind line ends, stops, commas
 * and spaces where there is one in the second half of a piece, else between graphemes, never within a surrogate pair.
 * Linear: every piece looks at no more than its own length.
 */
export function cutSpan(text: string, span: Span, longest: number): Span[] {
  const pieces: Span[] = [];
  let { start } = span;
  while (start < span.end) {
    const end = span.end - start <= longest ? span.end : findCut(text, start, start + longest);
    const shrunk = shrinkToNormalised(text, start, end, longest);
    pieces.push({ start, end: shrunk });
    start = shrunk;
  }
  return pieces;
}

function findCut(text: string, start: number, limit: number): number {
  const window = text.slice(start, limit);
  for (const seam of seams) {
    let last = -1;
    for (const match of window.matchAll(seam)) last = match.index + match[0].length;
    if (last > window.length / 2) return start + last;
  }
  return findGraphemeEnd(text, start, limit);
}

/** The last end of a grapheme at or before `limit`; where one grapheme is longer than that, the end of a code point. */
function findGraphemeEnd(text: string, start: number, limit: number): number {
  let best = start;
  // A few units more, so that the last grapheme within the limit is seen whole.
  for (const { index } of graphemes.segment(text.slice(start, limit + 32))) {
    if (start + index > limit) break;
    best = start + index;
  }
  if (best > start) return best;
  return isLowSurrogate(text.charCodeAt(limit)) && limit - start > 1
    ? limit - 1
    : Math.max(limit, start + codePointLength(text, start));
}

/** A few characters normalise to many (one stands for eighteen), and the model gets the normalised text. */
function shrinkToNormalised(text: string, start: number, end: number, longest: number): number {
  let to = end;
  while (to - start > codePointLength(text, start) && text.slice(start, to).normalize('NFKC').length > longest) {
    to = start + ((to - start) >> 1);
    if (isLowSurrogate(text.charCodeAt(to))) to += 1;
  }
  return Math.max(to, Math.min(end, start + codePointLength(text, start)));
}

function codePointLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
