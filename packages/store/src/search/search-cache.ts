import { ByteCache } from './byte-cache.ts';
import type { GenerationView } from './generation-view.ts';
import type { LineageRow } from './lineages.ts';
import type { Postings } from './read-postings.ts';

/**
 * What searches have read of indexes. All of it is immutable: nothing has to be thrown away when an index grows, and
 * frequent terms, which make up most of what a search reads, are read once. Only where rows are taken out of an index's
 * past does it become another one, with another revision.
 */
export type SearchCache = {
  readonly lineages: Map<string, LineageRow>;
  /** The revision of each lineage that was last seen, by its id. */
  readonly revisions: Map<number, number>;
  readonly views: ByteCache<GenerationView>;
  /** Of each segment, by its id: the lengths of its chunks. */
  readonly lengths: ByteCache<Uint32Array>;
  /** By segment, revision and term. */
  readonly postings: ByteCache<Postings | null>;
};

/** What an entry takes besides its content, roughly. */
export const entryOverhead = 150;

export function createSearchCache(bytes: number): SearchCache {
  return {
    lineages: new Map(),
    revisions: new Map(),
    views: new ByteCache(bytes / 4),
    lengths: new ByteCache(bytes / 8),
    postings: new ByteCache((bytes / 8) * 5),
  };
}
