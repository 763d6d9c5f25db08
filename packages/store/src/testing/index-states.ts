import type { DocumentHead, DocumentIndex, EmbeddedChunk, IndexedDocument, ManifestEntry } from '@kumiki/node-sdk';
import { expect } from 'vitest';
import { compareNaively, type NaiveDocument, nameChunk, scoreNaively } from './naive-index.ts';

const signal = new AbortController().signal;
const dimensions = 4;
export const embeddingModel = {
  host: 'fake',
  name: 'tiny',
  digest: 'sha256:1',
  dimensions,
  maximumTokens: 100,
  prefixes: { query: '', document: '' },
};

export function makeChunks(texts: readonly string[]): EmbeddedChunk[] {
  return texts.map((text, ordinal) => ({
    ordinal,
    text,
    start: ordinal * 10,
    end: ordinal * 10 + text.length,
    tokens: text.length,
    headings: ['見出し', String(ordinal)],
    page: ordinal === 0 ? null : ordinal,
    vector: Float32Array.from({ length: dimensions }, (_, place) => ((text.codePointAt(place) ?? 7) % 11) - 4.5),
  }));
}

export function makeDocument(id: string, texts: readonly string[]): NaiveDocument {
  return { id, contentHash: JSON.stringify(texts), chunks: makeChunks(texts) };
}

export function headOf(document: NaiveDocument): DocumentHead {
  const { id, contentHash } = document;
  return { id, name: `name of ${id}`, mediaType: 'text/plain', contentHash, metadata: { source: id } };
}

export function manifestOf(documents: readonly NaiveDocument[]): ManifestEntry[] {
  return documents.map(({ id, contentHash }) => ({ id, name: id, identity: contentHash, contentHash }));
}

/** As an index is given it. */
export function entryOf(document: NaiveDocument): IndexedDocument {
  return { document: headOf(document), items: document.chunks };
}

const documentsAtOnce = 3;

/** Builds the state that is wanted, as the node does: only what the index asks for is read. */
export async function buildIndex(
  index: DocumentIndex,
  at: { workspace: string; lineage: string },
  documents: readonly NaiveDocument[],
  owner = 'run:1',
) {
  const opened = await index.openGeneration(at, { owner, embeddingModel, manifest: manifestOf(documents) }, signal);
  const wanted = documents.filter(({ id }) => opened.wanted.includes(id));
  for (let start = 0; start < wanted.length; start += documentsAtOnce) {
    const written = wanted.slice(start, start + documentsAtOnce).map(entryOf);
    await index.replaceDocuments({ ...at, generation: opened.generation }, owner, written, signal);
  }
  const close = () => index.closeGeneration({ ...at, generation: opened.generation }, owner, signal);
  return { opened, closed: opened.current ?? (await close()) };
}

const everything = 10_000;

/** A search of every kind sees just these documents, with their statistics, as if they had been put in alone. */
export async function expectState(
  index: DocumentIndex,
  at: { workspace: string; lineage: string; generation: number },
  documents: readonly NaiveDocument[],
  query: string,
) {
  const lexical = await index.searchLexical(at, { text: query, limit: everything }, signal);
  const expected = scoreNaively(documents, query);
  expect(lexical.map((passage) => nameChunk(passage.documentId, passage.ordinal)).sort()).toEqual(
    [...expected.keys()].sort(),
  );
  for (const [place, passage] of lexical.entries()) {
    expect(passage.score).toBeCloseTo(expected.get(nameChunk(passage.documentId, passage.ordinal)) ?? -1, 9);
    expect(passage.score).toBeLessThanOrEqual(lexical[place - 1]?.score ?? Number.POSITIVE_INFINITY);
  }
  expect(await index.searchLexical(at, { text: query, limit: 3 }, signal)).toEqual(lexical.slice(0, 3));

  const vector = Float32Array.of(1, -2, 0.5, 3);
  const dense = await index.searchDense(at, { vector, limit: everything }, signal);
  const cosines = compareNaively(documents, vector);
  expect(dense).toHaveLength(cosines.size);
  for (const passage of dense) {
    expect(passage.score).toBeCloseTo(cosines.get(nameChunk(passage.documentId, passage.ordinal)) ?? -9, 5);
  }
  const both = await index.searchBoth(at, { text: query, vector, candidates: 2 }, signal);
  expect(new Set(both.map((passage) => passage.chunkId))).toEqual(
    new Set([...lexical.slice(0, 2), ...dense.slice(0, 2)].map((passage) => passage.chunkId)),
  );
  for (const passage of both) {
    const name = nameChunk(passage.documentId, passage.ordinal);
    expect(passage.cosine).toBeCloseTo(cosines.get(name) ?? -9, 5);
    expect(passage.bm25).toBeCloseTo(expected.get(name) ?? 0, 9);
  }
}
