/** A piece of a document's text. `passage`: what was found; `quote`: the sentence in it that was cited. */
export type TextPiece = {
  readonly start: number;
  readonly text: string;
  readonly mark: 'heading' | 'passage' | 'quote' | null;
};

export type Range = { readonly start: number; readonly end: number };

/**
 * Where a passage stands in a text: at its offsets if the text there is still the same, else wherever it is found, else
 * nowhere (null): the document has changed.
 */
export function locatePassage(text: string, place: Range & { readonly text: string }): Range | null {
  const { start, end } = place;
  // Samples are cut and end in an ellipsis; what stands before it is enough to tell.
  const wanted = place.text.replace(/…$/, '');
  if (wanted !== '' && text.slice(start, end).startsWith(wanted)) return { start, end };
  const found = wanted === '' ? -1 : text.indexOf(wanted);
  return found === -1 ? null : { start: found, end: found + wanted.length };
}

/** Cuts a text into pieces at its headings, the passage and the quote in it. */
export function cutText(
  text: string,
  headings: readonly { readonly title: string; readonly start: number }[],
  passage: Range | null,
  quote: string | null,
): readonly TextPiece[] {
  const quoted = passage === null || quote === null ? null : locateQuote(text, passage, quote);
  const titles = headings.map(({ start, title }) => {
    const lineEnd = text.indexOf('\n', start);
    // In Markdown, the line has its number signs still; the title alone is not where the heading begins.
    return { start, end: lineEnd === -1 ? text.length : Math.max(lineEnd, start + title.length) };
  });
  const cuts = new Set([0, text.length]);
  for (const range of [passage, quoted, ...titles]) {
    if (range === null) continue;
    cuts.add(range.start);
    cuts.add(range.end);
  }
  const places = [...cuts].filter((cut) => cut >= 0 && cut <= text.length).sort((a, b) => a - b);
  return places.slice(0, -1).flatMap((start, place) => {
    const end = places[place + 1] ?? text.length;
    const mark = covers(quoted, start)
      ? 'quote'
      : covers(passage, start)
        ? 'passage'
        : titles.some((title) => covers(title, start))
          ? 'heading'
          : null;
    return [{ start, text: text.slice(start, end), mark }];
  });
}

function locateQuote(text: string, { start, end }: Range, quote: string): Range | null {
  const found = text.slice(start, end).indexOf(quote);
  return found === -1 || quote === '' ? null : { start: start + found, end: start + found + quote.length };
}

function covers(range: Range | null, at: number): boolean {
  return range !== null && range.start <= at && at < range.end;
}
