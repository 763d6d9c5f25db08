import type { ErrorReport } from './error.ts';
import type { DocumentHead, EmbeddedChunk, EmbeddingModelValue, ManifestEntry, Passage } from './values.ts';

export type IndexLocation = { readonly workspace: string; readonly lineage: string };
export type IndexSnapshot = IndexLocation & { readonly generation: number };

export type OpenedGeneration = {
  readonly generation: number;
  /** Ids of the manifest whose content the newest state does not hold: new, changed, or unknown without reading. */
  readonly wanted: readonly string[];
  /** Ids that the newest state holds and the manifest does not. They leave when the generation is closed. */
  readonly leaving: readonly string[];
  /** Nothing was opened: this generation, visible already, is what is asked for. Otherwise null. */
  readonly current: ClosedGeneration | null;
};

export type ClosedGeneration = {
  readonly generation: number;
  readonly documents: number;
  readonly chunks: number;
  /** What the index holds now, for the fingerprint: sorted by id. */
  readonly contents: readonly { readonly id: string; readonly contentHash: string }[];
  /** Documents that could not be read; each keeps its previous text, if it had one. */
  readonly failures: readonly { readonly id: string; readonly error: ErrorReport }[];
};

export type IndexedDocument = { readonly document: DocumentHead; readonly items: readonly EmbeddedChunk[] };

export type ScoredPassage = Omit<Passage, 'scores'> & { readonly chunkId: number; readonly score: number };

/**
 * An index with generations: one lineage, many numbered states, each of which a reader may stay pinned to.
 * One generation is open per lineage at a time; a second `openGeneration` of another `owner` is refused with
 * `generation-open` (retryable). The same owner, or the next after a crash, takes the open one over: documents that it
 * already holds with the wanted content are not wanted again.
 */
export interface DocumentIndex {
  openGeneration(
    at: IndexLocation,
    options: {
      readonly owner: string;
      readonly embeddingModel: EmbeddingModelValue;
      /** Null: contents are unknown, the whole is rebuilt and what is not added again leaves. */
      readonly manifest: readonly ManifestEntry[] | null;
    },
    signal: AbortSignal,
  ): Promise<OpenedGeneration>;
  /** Replaces some documents in the open generation, in one transaction. No id occurs twice. */
  replaceDocuments(
    at: IndexSnapshot,
    owner: string,
    documents: readonly IndexedDocument[],
    signal: AbortSignal,
  ): Promise<void>;
  recordFailure(at: IndexSnapshot, owner: string, id: string, name: string, error: ErrorReport): Promise<void>;
  /** Makes the generation visible, with its removals and its lexical postings, in one transaction. */
  closeGeneration(at: IndexSnapshot, owner: string, signal: AbortSignal): Promise<ClosedGeneration>;
  /** Nearest by cosine; `score` is the cosine. */
  searchDense(
    at: IndexSnapshot,
    query: { readonly vector: Float32Array; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly ScoredPassage[]>;
  /** Best by BM25 over words and character bigrams; `score` is the BM25. */
  searchLexical(
    at: IndexSnapshot,
    query: { readonly text: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly ScoredPassage[]>;
  /** Both at once for fusion: the union of both candidate lists, each with both scores. */
  searchBoth(
    at: IndexSnapshot,
    query: { readonly text: string; readonly vector: Float32Array; readonly candidates: number },
    signal: AbortSignal,
  ): Promise<readonly (ScoredPassage & { readonly cosine: number; readonly bm25: number })[]>;
}
