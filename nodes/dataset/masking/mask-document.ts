import type { Document } from '@kumiki/node-sdk';
import type { MaskedText, Masker, Replacement } from './mask-texts.ts';

/** A document without personal data: headings and pages keep their places in the text. */
export function maskDocument(
  { text, headings, pages }: Document,
  masker: Masker,
): { readonly document: Document; readonly texts: readonly MaskedText[] } {
  const masked = masker.mask(text);
  const place = movePlaces(masked.replacements);
  return {
    document: {
      text: masked.text,
      headings: headings.map((heading) => ({
        ...heading,
        title: masker.mask(heading.title).text,
        start: place(heading.start),
      })),
      pages: pages.map((page) => ({ ...page, start: place(page.start) })),
    },
    texts: [masked],
  };
}

/** Where a place of the text is afterwards; one within something masked is where its placeholder begins. Ascending only. */
function movePlaces(replacements: readonly Replacement[]): (place: number) => number {
  return (place) => {
    let shift = 0;
    for (const { start, end, placeholder } of replacements) {
      if (end <= place) shift += placeholder.length - (end - start);
      else return start < place ? start + shift : place + shift;
    }
    return place + shift;
  };
}
