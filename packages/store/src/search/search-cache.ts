import { ByteCache } from './byte-cache.ts';
import type { GenerationView } from './generation-view.ts';
import type { LineageRow } from './lineages.ts';
import type { Postings } from './read-postings.ts';

/**
 * What searches have read of indexes. All of it is immutable: nothing has to be thrown away when an index grows, and
 * frequent terms, which make up most of what a search reads, are read once.
 */
export type SearchCache = {
  readonly lineages: Map<string, LineageRow>;
  readonly views: ByteCache<GenerationView>;
  /** Of each segment, by its id: the lengths of its chunks. */
  readonly lengths: ByteCache<Uint32Array>;
  /** By segment and term. */
  readonly postings: ByteCache<Postings | null>;
};

/** What an entry takes besides its content, roughly. */
export const entryOverhead = 150;

export function createSearchCache(bytes: number): SearchCache {
  return {
    lineages: new Map(),
    views: new ByteCache(bytes / 4),
    lengths: new ByteCache(bytes / 8),
    postings: new ByteCache((bytes / 8) * 5),
  };
}
