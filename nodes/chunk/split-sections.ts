import type { Document, Heading } from '@kumiki/node-sdk';
import type { Span } from './find-sentences.ts';

/** What stands under one heading, up to the next of any level. The heading's own line is part of it. */
export type Section = Span & {
  /** The headings above it and its own, outermost first. */
  readonly path: readonly Heading[];
  /** Number of the top-level section that it is part of. */
  readonly top: number;
};

/**
 * Splits a document along its headings. Its top level is the outermost one with more than one heading: a page with one
 * title and many chapters has its chapters there.
 */
export function splitSections({ text, headings }: Document): Section[] {
  const topLevel = findTopLevel(headings);
  const sections: Section[] = [{ start: 0, end: headings[0]?.start ?? text.length, path: [], top: 0 }];
  let path: readonly Heading[] = [];
  let top = 0;
  for (const [index, heading] of headings.entries()) {
    path = [...path.filter(({ level }) => level < heading.level), heading];
    if (heading.level <= topLevel) top++;
    sections.push({ start: heading.start, end: headings[index + 1]?.start ?? text.length, path, top });
  }
  return sections.filter(({ start, end }) => start < end);
}

function findTopLevel(headings: readonly Heading[]): number {
  const counts = [1, 2, 3, 4, 5, 6].map((level) => headings.filter((heading) => heading.level === level).length);
  const outermost = counts.findIndex((count) => count > 1);
  return outermost < 0 ? 1 : outermost + 1;
}
