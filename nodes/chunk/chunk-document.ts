import type { Chunk, Document } from '@kumiki/node-sdk';
import { cutSpan } from './cut-span.ts';
import { findSentences, type Span } from './find-sentences.ts';
import { type Atom, type Paragraph, packChunks } from './pack-chunks.ts';
import { type Section, splitSections } from './split-sections.ts';

export type ChunkSettings = { readonly size: number; readonly overlap: number };
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>;

/** No tokenizer makes more tokens of a code unit: three bytes of UTF-8 at most. */
const tokensPerUnit = 3;

/** A sentence, cut into pieces where it might be longer than a chunk. */
type Sentence = Span & { readonly pieces: readonly Span[]; readonly isHeading: boolean };

/**
 * Cuts a document into chunks of at most `size` tokens. `text.slice(start, end)` is each chunk's text; together the
 * chunks cover all of the document but white space. Tokens are counted in one call, sentence by sentence, so a chunk's
 * number is a sum: with multilingual-e5-small 3% above the whole chunk's on average, and never more than one token below.
 * Takes time in proportion to the text.
 */
export async function chunkDocument(
  document: Document,
  { size, overlap }: ChunkSettings,
  countTokens: CountTokens,
): Promise<Chunk[]> {
  const { text } = document;
  const longest = Math.max(1, Math.floor(size / tokensPerUnit));
  const headingStarts = new Set(document.headings.map(({ start }) => start));
  const split = splitSections(document).flatMap((section) =>
    splitParagraphs(text, section).map((paragraph) => ({
      section,
      sentences: findSentences(text, paragraph).map((sentence) => ({
        ...sentence,
        isHeading: headingStarts.has(sentence.start),
        pieces: cutSpan(text, sentence, longest).filter((piece) => text.slice(piece.start, piece.end).trim() !== ''),
      })),
    })),
  );
  const pieces = split.flatMap(({ sentences }) => sentences.flatMap((sentence) => sentence.pieces));
  const counts = await countTokens(pieces.map(({ start, end }) => text.slice(start, end).normalize('NFKC')));
  const tokens = counts[Symbol.iterator]();
  const paragraphs = split.map(({ section, sentences }): Paragraph => {
    const atoms = sentences.flatMap((sentence) => makeAtoms(sentence, section, size, tokens));
    return { section, atoms, tokens: sumTokens(atoms) };
  });
  return packChunks(document, paragraphs, { size, overlap });
}

/** A sentence that fits into a chunk is one atom; of a longer one, every piece is. */
function makeAtoms(sentence: Sentence, section: Section, size: number, tokens: Iterator<number>): readonly Atom[] {
  const { isHeading } = sentence;
  const pieces = sentence.pieces.map((piece): Atom => ({ ...piece, section, isHeading, tokens: readCount(tokens) }));
  const total = sumTokens(pieces);
  const { start, end } = sentence;
  return total <= size ? [{ start, end, section, isHeading, tokens: total }] : pieces;
}

function readCount(tokens: Iterator<number>): number {
  const next = tokens.next();
  if (next.done === true) throw new Error('The model counted fewer texts than it was given.');
  return next.value;
}

function sumTokens(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Paragraphs of a section: what empty lines part. */
function splitParagraphs(text: string, { start, end }: Span): Span[] {
  const paragraphs: Span[] = [];
  const gap = /\n[ \t\u3000]*\n\s*/y;
  let from = start;
  let at = text.indexOf('\n', start);
  while (at >= 0 && at < end) {
    gap.lastIndex = at;
    if (gap.test(text)) {
      paragraphs.push({ start: from, end: at });
      from = Math.min(gap.lastIndex, end);
      at = text.indexOf('\n', from);
    } else {
      at = text.indexOf('\n', at + 1);
    }
  }
  paragraphs.push({ start: from, end });
  return paragraphs;
}
