import type { DocumentIndex, IndexSnapshot, ScoredPassage } from '@kumiki/node-sdk';
import type { Database } from '../database/database.ts';
import { withNamedErrors } from '../database/database-error.ts';
import { forgetLineage, type GenerationView, type OpenView, openView, readKnownLineage } from './generation-view.ts';
import { openGeneration, publishGeneration } from './generations.ts';
import { checkDimensions } from './lineages.ts';
import { mergeSegments } from './merge-segments.ts';
import { readPassages } from './read-passages.ts';
import { readPostings } from './read-postings.ts';
import { recordFailure, replaceDocuments } from './replace-documents.ts';
import { type ScoredChunk, scoreLexical, selectBest } from './score-lexical.ts';
import { createSearchCache } from './search-cache.ts';
import { searchDense } from './search-dense.ts';
import { chooseSegmentSize, findReach, writeNextSegment } from './segments.ts';
import { countTerms } from './tokenise.ts';

export type DocumentIndexOptions = {
  /** Whether the attempt that writes a generation still does. Unless said, everybody is taken to be alive. */
  readonly isOwnerAlive?: (owner: string) => Promise<boolean>;
  /** Asked before documents are written; throws where the disk has no room for more. */
  readonly checkRoom?: () => void;
  /** How much of the indexes searches may keep in memory; 64 MiB unless said. */
  readonly cacheBytes?: number;
};

/** The index on Postgres: see `DocumentIndex` for what it promises, and DESIGN's third idea for how. */
export function createDocumentIndex(database: Database, options: DocumentIndexOptions = {}): DocumentIndex {
  const cache = createSearchCache(options.cacheBytes ?? 64 * 1024 * 1024);
  const isOwnerAlive = options.isOwnerAlive ?? (async () => true);
  /** How far the segments of a lineage that is being written reach: only a hint for when to write the next one. */
  const reaches = new Map<number, number>();

  async function scoreText(view: OpenView, text: string, signal: AbortSignal): Promise<Float64Array> {
    const terms = countTerms(text);
    const postings = await readPostings(database, cache, view, [...terms.keys()]);
    signal.throwIfAborted();
    return scoreLexical(view, terms, postings, signal);
  }

  async function fillPassages(view: GenerationView, found: readonly ScoredChunk[]): Promise<ScoredPassage[]> {
    const ids = found.map((chunk) => chunk.chunkId);
    const rows = await readPassages(database, view, ids, null);
    return found.flatMap(({ chunkId, score }) => {
      const row = rows.get(chunkId);
      if (row === undefined) return [];
      const { cosine: _, ...passage } = row;
      return [{ ...passage, score }];
    });
  }

  return {
    openGeneration: (at, open, signal) =>
      withNamedErrors(async () => {
        signal.throwIfAborted();
        // It may have been collected since it was last written to from here, and be made anew.
        forgetLineage(cache, at);
        return openGeneration(database, at, { ...open, isOwnerAlive });
      }),

    replaceDocuments: (at, owner, documents, signal) =>
      withNamedErrors(async () => {
        signal.throwIfAborted();
        options.checkRoom?.();
        const lineage = await readKnownLineage(database, cache, at);
        const { nextChunk } = await replaceDocuments(database, lineage, at, { owner, documents, signal });
        const reach = reaches.get(lineage.id) ?? (await findReach(database, lineage.id));
        reaches.set(lineage.id, reach);
        if (nextChunk - reach < chooseSegmentSize(reach)) return;
        reaches.set(lineage.id, (await writeNextSegment(database, lineage, at, owner, signal)).reach);
      }),

    recordFailure: (at, owner, id, name, error) =>
      withNamedErrors(async () => {
        const lineage = await readKnownLineage(database, cache, at);
        await recordFailure(database, lineage, at, { owner, id, name, error });
      }),

    closeGeneration: (at, owner, signal) =>
      withNamedErrors(async () => {
        const lineage = await readKnownLineage(database, cache, at);
        while ((await writeNextSegment(database, lineage, at, owner, signal)).written > 0) signal.throwIfAborted();
        reaches.delete(lineage.id);
        const closed = await publishGeneration(database, lineage, at, owner);
        await mergeSegments(database, lineage, signal);
        return closed;
      }),

    searchDense: (at, query, signal) =>
      withNamedErrors(async () => {
        const view = await see(at, signal);
        checkDimensions(view.lineage, query.vector);
        return fillPassages(view, await searchDense(database, view, query));
      }),

    searchLexical: (at, query, signal) =>
      withNamedErrors(async () => {
        const view = await see(at, signal);
        return fillPassages(view, selectBest(await scoreText(view, query.text, signal), query.limit));
      }),

    searchBoth: (at, query, signal) =>
      withNamedErrors(async () => {
        const view = await see(at, signal);
        checkDimensions(view.lineage, query.vector);
        const [near, scores] = await Promise.all([
          searchDense(database, view, { vector: query.vector, limit: query.candidates }),
          scoreText(view, query.text, signal),
        ]);
        const ids = new Set(near.map((chunk) => chunk.chunkId));
        for (const { chunkId } of selectBest(scores, query.candidates)) ids.add(chunkId);
        const rows = await readPassages(database, view, [...ids], query.vector);
        return [...ids].flatMap((id) => {
          const row = rows.get(id);
          if (row === undefined) return [];
          const cosine = row.cosine ?? 0;
          return [{ ...row, cosine, bm25: scores[id] ?? 0, score: cosine }];
        });
      }),
  };

  async function see(at: IndexSnapshot, signal: AbortSignal): Promise<OpenView> {
    signal.throwIfAborted();
    return openView(database, cache, at);
  }
}
