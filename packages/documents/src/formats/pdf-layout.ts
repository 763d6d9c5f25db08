import { spacelessScript } from '../clean-text.ts';
import type { TextWriter } from '../text-writer.ts';

/** A run of glyphs as pdf.js gives it; the origin is the page's lower left corner. */
export type GlyphRun = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly vertical: boolean;
  readonly endsLine: boolean;
};

/**
 * A line in its own direction: `start` and `end` run along it, `across` grows from line to line, so that one set of
 * rules serves horizontal and vertical writing.
 */
export type PageLine = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly across: number;
  readonly size: number;
};

/** A gap that is wider than this many characters parts the cells of a table. */
const cellGap = 1.5;

/** Gathers runs into lines in the order of the file, which is the reading order in all but odd PDFs. */
export function findLines(runs: readonly GlyphRun[]): PageLine[] {
  const lines: PageLine[] = [];
  let open: { text: string; start: number; end: number; across: number; size: number } | null = null;
  const close = () => {
    if (open !== null && open.text.trim() !== '') lines.push({ ...open, text: closeLetterSpacing(open.text.trim()) });
    open = null;
  };
  for (const run of runs) {
    const start = run.vertical ? -run.y : run.x;
    const end = start + (run.vertical ? run.height : run.width);
    const across = run.vertical ? -run.x : -run.y;
    if (open !== null && run.text.trim() !== '' && Math.abs(across - open.across) > Math.max(open.size, run.size) * 0.8)
      close();
    if (open !== null && run.text.trim() !== '' && start - open.end > run.size * cellGap) {
      open.text = `${open.text.trimEnd()} | `;
    }
    if (open === null) {
      if (run.text.trim() !== '') open = { text: run.text, start, end, across, size: run.size };
    } else {
      open.text += run.text;
      if (run.text.trim() !== '') {
        open.end = Math.max(open.end, end);
        open.size = Math.max(open.size, run.size);
      }
    }
    if (run.endsLine) close();
  }
  close();
  return lines;
}

const spacedLetters = new RegExp(
  `(?:[${spacelessScript}] ){3,}[${spacelessScript}](?! ?[^\\s${spacelessScript}])`,
  'g',
);

/** お 知 ら せ, set wide, is one word. */
function closeLetterSpacing(text: string): string {
  return text.replace(spacedLetters, (letters) => letters.replaceAll(' ', ''));
}

/** Larger than the text by this much is a heading. */
const headingScale = 1.15;
const longestHeading = 100;

/** Writes lines as headings and paragraphs; what is a heading is told by size against the whole document's text. */
export function writePages(pages: readonly (readonly PageLine[])[], writer: TextWriter): void {
  const bodySize = findBodySize(pages);
  const headingSizes = [
    ...new Set(
      pages.flatMap((lines) => lines.filter((line) => isHeading(line, bodySize)).map(({ size }) => roundSize(size))),
    ),
  ].sort((left, right) => right - left);
  for (const [index, lines] of pages.entries()) {
    writer.page(index + 1);
    for (const paragraph of findParagraphs(lines)) {
      const text = joinLines(paragraph);
      const [first] = paragraph;
      if (first !== undefined && isHeading({ ...first, text }, bodySize)) {
        writer.heading(1 + Math.min(2, headingSizes.indexOf(roundSize(first.size))), text);
      } else if (listStart.test(text) || text.includes(' | ')) {
        writer.line(text);
      } else {
        writer.block(text);
      }
    }
  }
}

function isHeading(line: PageLine, bodySize: number): boolean {
  return line.size >= bodySize * headingScale && line.text.length <= longestHeading && /\p{L}/u.test(line.text);
}

function roundSize(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The size that most characters are set in. */
function findBodySize(pages: readonly (readonly PageLine[])[]): number {
  const counts = new Map<number, number>();
  for (const { text, size } of pages.flat())
    counts.set(roundSize(size), (counts.get(roundSize(size)) ?? 0) + text.length);
  let best = { size: Number.POSITIVE_INFINITY, count: 0 };
  for (const [size, count] of counts) if (count > best.count) best = { size, count };
  return best.size;
}

const listStart = /^(?:[・•●○■□◆◇▪–*-]|\(?\d{1,3}[.)]|[（(]\d{1,3}[)）]|[①-⑳])/u;

/** A line goes on in the next where it ran to the edge of its column, and the next follows closely in the same size. */
function findParagraphs(lines: readonly PageLine[]): PageLine[][] {
  const paragraphs: PageLine[][] = [];
  let previous: PageLine | null = null;
  for (const line of lines) {
    const current = paragraphs.at(-1);
    if (previous !== null && current !== undefined && continues(previous, line, lines)) current.push(line);
    else paragraphs.push([line]);
    previous = line;
  }
  return paragraphs;
}

function continues(previous: PageLine, line: PageLine, lines: readonly PageLine[]): boolean {
  const gap = line.across - previous.across;
  if (gap <= 0 || gap > previous.size * 2.1) return false;
  if (previous.text.includes(' | ') || line.text.includes(' | ')) return false;
  if (Math.abs(line.size - previous.size) > previous.size * 0.1 || listStart.test(line.text)) return false;
  return previous.end >= columnEnd(previous, lines) - previous.size * 2;
}

/** Where the lines of a column end: the farthest end among its neighbours on the page. */
function columnEnd(line: PageLine, lines: readonly PageLine[]): number {
  const near = lines.indexOf(line);
  let end = line.end;
  for (const other of lines.slice(Math.max(0, near - 8), near + 9)) {
    if (Math.abs(other.start - line.start) <= line.size * 2.5) end = Math.max(end, other.end);
  }
  return end;
}

const japaneseEnd = new RegExp(`[${spacelessScript}]$`);
const japaneseStart = new RegExp(`^[${spacelessScript}]`);

function joinLines(lines: readonly PageLine[]): string {
  return lines.reduce((text, line) => {
    if (text === '') return line.text;
    if (japaneseEnd.test(text) && japaneseStart.test(line.text)) return text + line.text;
    if (/[a-z]-$/.test(text) && /^[a-z]/.test(line.text)) return text.slice(0, -1) + line.text;
    return `${text} ${line.text}`;
  }, '');
}
