/**
 * A marker is what a model writes to cite passages by their numbers: `[1]`, `［１］`, `[1,2]`, `[1、2]`. It reads as one
 * only if nothing but numbers stands between the brackets, so `[注]` or `[a]` stay text.
 */
const inside = String.raw`[0-9０-９,，、;；\s]`;
const mostInside = 40;
/** Spaces before a marker go with it when it points nowhere, so that no gap stays behind. */
const spaces = String.raw`[ \u3000]{0,4}`;
const markerPattern = new RegExp(String.raw`(${spaces})[\[［](${inside}{1,${mostInside}})[\]］]`, 'gu');
const unfinishedPattern = new RegExp(String.raw`${spaces}(?:[\[［]${inside}{0,${mostInside}})?$`, 'u');

/** Where a marker stands in a text: the number of the passage, and the offsets of `[n]`. */
export type Marker = { readonly number: number; readonly start: number; readonly end: number };

/**
 * Rewrites every marker to its plain form, `[1][2]`, without numbers to which no passage belongs (passages count from
 * 1), and tells where the ones that stay are.
 */
export function settleMarkers(text: string, passages: number): { text: string; markers: readonly Marker[] } {
  const markers: Marker[] = [];
  let settled = '';
  let taken = 0;
  for (const match of text.matchAll(markerPattern)) {
    const [whole, before = '', numbers = ''] = match;
    settled += text.slice(taken, match.index);
    taken = match.index + whole.length;
    const known = readNumbers(numbers).filter((number) => number >= 1 && number <= passages);
    if (known.length > 0) settled += before;
    for (const number of known) {
      const marker = `[${number}]`;
      markers.push({ number, start: settled.length, end: settled.length + marker.length });
      settled += marker;
    }
  }
  return { text: settled + text.slice(taken), markers };
}

/** How much of the end of a text may still become a marker when more of it arrives. */
export function measureUnfinishedMarker(text: string): number {
  return unfinishedPattern.exec(text)?.[0].length ?? 0;
}

function readNumbers(numbers: string): readonly number[] {
  const found = numbers.normalize('NFKC').match(/[0-9]+/gu) ?? [];
  return [...new Set(found.map(Number))];
}
