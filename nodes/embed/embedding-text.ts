import type { Chunk, DocumentHead } from '@kumiki/node-sdk';

/** Headings say what a chunk is about; past this length they would drown what it says itself. */
const longestContext = 120;

/**
 * The text of which the vector is made: the chunk in NFKC, so that full-width and half-width forms meet, with the
 * document's title and the headings above the chunk in front of it where `withHeadings` asks for them and they fit
 * into `maximumTokens` (a token is at least one character, so characters are a safe measure).
 */
export function composeEmbeddingText(options: {
  readonly chunk: Chunk;
  readonly document: DocumentHead;
  readonly withHeadings: boolean;
  readonly maximumTokens: number;
}): string {
  const { chunk, document, withHeadings, maximumTokens } = options;
  const text = chunk.text.normalize('NFKC');
  if (!withHeadings) return text;
  const context = [...new Set([readTitle(document), ...chunk.headings])]
    .filter((part) => part !== '')
    .join(' › ')
    .normalize('NFKC')
    .slice(0, longestContext);
  const fits = chunk.tokens + context.length + 1 <= maximumTokens;
  return context === '' || !fits ? text : `${context}\n${text}`;
}

/** The title that a parser found, else the file's name without folders and ending. */
function readTitle(document: DocumentHead): string {
  const { title } = document.metadata;
  if (typeof title === 'string' && title.trim() !== '') return title.trim();
  const name = document.name.slice(document.name.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
