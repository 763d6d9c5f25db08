/**
 * Full-width letters, digits and signs as ASCII, and all that looks like a hyphen between digits as one, a code unit for a
 * code unit, so that offsets stay what they are.
 */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/g, '-')
    .replace(/(?<=[\d)])[\u30fc\uff70](?=[\d(])/g, '-');
}

type Span = { readonly start: number; readonly end: number };

/** Stands for what was found already, so that nothing else is found in it. */
const taken = '\ufffc';

/** `spans` are in order and apart from one another. */
export function blankOut(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(at, start), taken.repeat(end - start));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** In order, each of which begins behind the one before: of two that overlap, the first. */
export function dropOverlapping<Found extends Span>(spans: readonly Found[]): readonly Found[] {
  let at = 0;
  return spans
    .toSorted((one, other) => one.start - other.start)
    .filter(({ start, end }) => {
      const isFree = start >= at;
      if (isFree) at = end;
      return isFree;
    });
}
