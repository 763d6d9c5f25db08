import { cleanText, type Document, type Heading, type PageStart } from '@kumiki/node-sdk';

/** Thrown where the text grows past its limit; the caller knows the file's name. */
export class TextTooLong extends Error {}

/** How two pieces of text hang together: as lines of one block (rows of a table, items of a list) or as blocks. */
type Piece = 'block' | 'line';

/** Collects a document's text piece by piece, each cleaned, and keeps the offsets of headings and pages. */
export class TextWriter {
  readonly #maximumLength: number;
  readonly #parts: string[] = [];
  readonly #headings: Heading[] = [];
  readonly #pages: PageStart[] = [];
  #length = 0;
  #previous: Piece | null = null;
  #pendingPage: number | null = null;

  constructor(maximumLength: number) {
    this.#maximumLength = maximumLength;
  }

  heading(level: number, title: string): void {
    const text = cleanText(title).replaceAll('\n', ' ').trim();
    if (text === '') return;
    this.#write('block', text, (start) => {
      this.#headings.push({ level: Math.min(6, Math.max(1, level)), title: text, start });
    });
  }

  block(text: string): void {
    this.#write('block', cleanText(text).trim());
  }

  /** A line that belongs to the line before it, if that was one too. */
  line(text: string): void {
    this.#write('line', cleanText(text).trim());
  }

  /** What is written from here on stands on this page, counted from 1. */
  page(page: number): void {
    this.#pendingPage = page;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  finish(): Document {
    return { text: this.#parts.join(''), headings: this.#headings, pages: this.#pages };
  }

  #write(piece: Piece, text: string, mark?: (start: number) => void): void {
    if (text === '') return;
    if (this.#previous !== null) {
      this.#append(piece === 'line' && this.#previous === 'line' && this.#pendingPage === null ? '\n' : '\n\n');
    }
    if (this.#pendingPage !== null) {
      this.#pages.push({ page: this.#pendingPage, start: this.#length });
      this.#pendingPage = null;
    }
    mark?.(this.#length);
    this.#append(text);
    this.#previous = piece;
  }

  #append(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#maximumLength) throw new TextTooLong();
    this.#parts.push(text);
  }
}
