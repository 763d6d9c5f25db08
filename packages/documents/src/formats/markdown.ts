import type { Document, Heading } from '@kumiki/node-sdk';
import { readPlainText } from './text.ts';

const fence = /^ {0,3}(`{3,}|~{3,})/;
const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const setext = /^ {0,3}(=+|-+)[ \t]*$/;
/** Lines that cannot be the text above a setext underline: a list item, a quotation, a table row, an empty line. */
const notParagraph = /^\s*(?:$|[-*+>|]|\d+[.)]\s)/;

/**
 * Markdown stays as it was written, so that lists, tables and code keep their shape for a model to read.
 * Headings are found in both spellings (CommonMark 4.2, 4.3), outside of code fences and front matter.
 */
export function readMarkdown(source: string, maximumLength: number): Document {
  const document = readPlainText(source, maximumLength);
  return { ...document, headings: findHeadings(document.text) };
}

function findHeadings(text: string): Heading[] {
  const headings: Heading[] = [];
  let openFence: string | null = null;
  let previous: { line: string; start: number } | null = null;
  let start = endOfFrontMatter(text);
  while (start < text.length) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const line = text.slice(start, end);
    const marker = fence.exec(line)?.[1] ?? null;
    if (openFence !== null) {
      if (marker?.startsWith(openFence)) openFence = null;
    } else if (marker !== null) {
      openFence = marker;
    } else {
      const heading = readHeading(line, start, previous);
      if (heading !== null && heading.title !== '') headings.push(heading);
    }
    previous = openFence === null && marker === null && !notParagraph.test(line) ? { line, start } : null;
    start = end + 1;
  }
  return headings;
}

function readHeading(line: string, start: number, previous: { line: string; start: number } | null): Heading | null {
  const hashes = atx.exec(line);
  if (hashes !== null) return { level: hashes[1]?.length ?? 1, title: stripInlineMarks(hashes[2] ?? ''), start };
  if (previous === null || atx.test(previous.line)) return null;
  const underline = setext.exec(line);
  if (underline === null) return null;
  return {
    level: underline[1]?.startsWith('=') ? 1 : 2,
    title: stripInlineMarks(previous.line),
    start: previous.start,
  };
}

/** `**Bold** and [a link](https://…)` is called “Bold and a link”. */
function stripInlineMarks(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}/g, '$1')
    .trim();
}

function endOfFrontMatter(text: string): number {
  if (!text.startsWith('---\n')) return 0;
  const close = text.indexOf('\n---\n', 3);
  return close < 0 ? 0 : close + 5;
}
