import type { EmbeddedChunk } from '@kumiki/node-sdk';
import { tokenise } from '../search/tokenise.ts';

/** A document as a test sees it: what it is called, and what its chunks are. */
export type NaiveDocument = {
  readonly id: string;
  readonly contentHash: string;
  readonly chunks: readonly EmbeddedChunk[];
};

/** Names a chunk the same way for a search's answer and for the model. */
export function nameChunk(documentId: string, ordinal: number): string {
  return `${documentId}#${ordinal}`;
}

/** BM25 by the book, over exactly the documents that are given: score by chunk name, for all that score above 0. */
export function scoreNaively(documents: readonly NaiveDocument[], query: string): Map<string, number> {
  const chunks = documents.flatMap((document) =>
    document.chunks.map((chunk) => ({ name: nameChunk(document.id, chunk.ordinal), terms: tokenise(chunk.text) })),
  );
  const average = chunks.reduce((sum, chunk) => sum + chunk.terms.length, 0) / chunks.length;
  const scores = new Map<string, number>();
  for (const term of tokenise(query)) {
    const occurs = chunks.filter((chunk) => chunk.terms.includes(term)).length;
    const idf = Math.log(1 + (chunks.length - occurs + 0.5) / (occurs + 0.5));
    for (const chunk of chunks) {
      const frequency = chunk.terms.filter((each) => each === term).length;
      if (frequency === 0) continue;
      const norm = 1.2 * (1 - 0.75 + (0.75 * chunk.terms.length) / average);
      scores.set(chunk.name, (scores.get(chunk.name) ?? 0) + (idf * frequency * 2.2) / (frequency + norm));
    }
  }
  return scores;
}

/** Cosine of each chunk with a vector. */
export function compareNaively(documents: readonly NaiveDocument[], vector: Float32Array): Map<string, number> {
  return new Map(
    documents.flatMap((document) =>
      document.chunks.map((chunk) => [nameChunk(document.id, chunk.ordinal), cosine(chunk.vector, vector)] as const),
    ),
  );
}

function cosine(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let place = 0; place < left.length; place++) {
    const [a, b] = [left[place] ?? 0, right[place] ?? 0];
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  return product / Math.sqrt(leftSquares * rightSquares);
}
