import {
  type ClosedGeneration,
  type DocumentHead,
  type DocumentIndex,
  type EmbeddedChunk,
  type ErrorReport,
  type IndexedDocument,
  type IndexLocation,
  type IndexSnapshot,
  KumikiError,
  type ManifestEntry,
  type OpenedGeneration,
  type ScoredPassage,
} from '@kumiki/node-sdk';
import { rankByBm25 } from './memory-bm25.ts';

type OpenOptions = Parameters<DocumentIndex['openGeneration']>[1];

/** One document as it stood from one generation on, until another. */
type StoredDocument = {
  readonly head: DocumentHead;
  readonly chunks: readonly (EmbeddedChunk & { readonly chunkId: number })[];
  readonly addedIn: number;
  removedIn: number | null;
};

type OpenGeneration = {
  owner: string;
  readonly number: number;
  manifest: readonly ManifestEntry[] | null;
  readonly replaced: Map<string, StoredDocument>;
  readonly failures: Map<string, ErrorReport>;
};

type Lineage = { newest: number; readonly documents: StoredDocument[]; open: OpenGeneration | null };

/** An index with generations in memory: exact and slow, for tests of what stands on it. */
export class MemoryDocumentIndex implements DocumentIndex {
  readonly #lineages = new Map<string, Lineage>();
  #nextChunk = 1;
  /** Ids of documents that were written, in order: what a build really had to do. */
  readonly written: string[] = [];

  /** As after a crash: whoever comes next takes open generations over. */
  releaseAll(): void {
    for (const { open } of this.#lineages.values()) if (open !== null) open.owner = '';
  }

  async openGeneration(at: IndexLocation, options: OpenOptions, signal: AbortSignal): Promise<OpenedGeneration> {
    signal.throwIfAborted();
    const lineage = this.#lineage(at);
    if (lineage.open !== null && lineage.open.owner !== '' && lineage.open.owner !== options.owner) {
      throw refuse('generation-open', true);
    }
    const number = lineage.newest + 1;
    lineage.open ??= { owner: '', number, manifest: null, replaced: new Map(), failures: new Map() };
    lineage.open.owner = options.owner;
    lineage.open.manifest = options.manifest;
    lineage.open.failures.clear();
    const held = new Map(this.#heldIn(lineage, lineage.newest).map((document) => [document.head.id, document]));
    for (const [id, document] of lineage.open.replaced) held.set(id, document);
    const listed = new Set(options.manifest?.map(({ id }) => id));
    return {
      generation: number,
      wanted: (options.manifest ?? [])
        .filter(({ id, contentHash }) => contentHash === null || held.get(id)?.head.contentHash !== contentHash)
        .map(({ id }) => id),
      leaving: options.manifest === null ? [] : [...held.keys()].filter((id) => !listed.has(id)),
      current: null,
    };
  }

  async replaceDocuments(
    at: IndexSnapshot,
    owner: string,
    documents: readonly IndexedDocument[],
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const open = this.#openOf(at, owner);
    for (const { document: head, items } of documents) {
      const chunks = items.map((chunk) => ({ ...chunk, chunkId: this.#nextChunk++ }));
      open.replaced.set(head.id, { head, chunks, addedIn: open.number, removedIn: null });
      open.failures.delete(head.id);
      this.written.push(head.id);
    }
  }

  async recordFailure(at: IndexSnapshot, owner: string, id: string, _name: string, error: ErrorReport): Promise<void> {
    this.#openOf(at, owner).failures.set(id, error);
  }

  async closeGeneration(at: IndexSnapshot, owner: string, signal: AbortSignal): Promise<ClosedGeneration> {
    signal.throwIfAborted();
    const lineage = this.#lineage(at);
    const open = this.#openOf(at, owner);
    const listed = open.manifest === null ? null : new Set(open.manifest.map(({ id }) => id));
    for (const document of this.#heldIn(lineage, lineage.newest)) {
      const { id } = document.head;
      const stays = listed === null ? open.failures.has(id) : listed.has(id);
      if (open.replaced.has(id) || !stays) document.removedIn = open.number;
    }
    for (const [id, document] of open.replaced) {
      if (listed === null || listed.has(id)) lineage.documents.push(document);
    }
    lineage.newest = open.number;
    lineage.open = null;
    const held = this.#heldIn(lineage, lineage.newest);
    return {
      generation: lineage.newest,
      documents: held.length,
      chunks: held.reduce((sum, { chunks }) => sum + chunks.length, 0),
      contents: held.map(({ head }) => ({ id: head.id, contentHash: head.contentHash })).sort(compareIds),
      failures: [...open.failures].map(([id, error]) => ({ id, error })),
    };
  }

  async searchDense(
    at: IndexSnapshot,
    { vector, limit }: { readonly vector: Float32Array; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly ScoredPassage[]> {
    signal.throwIfAborted();
    return this.#rank(at, (chunk) => multiply(chunk.vector, vector), limit);
  }

  async searchLexical(
    at: IndexSnapshot,
    { text, limit }: { readonly text: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly ScoredPassage[]> {
    signal.throwIfAborted();
    const scores = this.#scoreLexically(at, text);
    return this.#rank(at, ({ chunkId }) => scores.get(chunkId) ?? 0, limit).filter(({ score }) => score > 0);
  }

  async searchBoth(
    at: IndexSnapshot,
    { text, vector, candidates }: { readonly text: string; readonly vector: Float32Array; readonly candidates: number },
    signal: AbortSignal,
  ): Promise<readonly (ScoredPassage & { readonly cosine: number; readonly bm25: number })[]> {
    const dense = await this.searchDense(at, { vector, limit: candidates }, signal);
    const lexical = await this.searchLexical(at, { text, limit: candidates }, signal);
    const bm25 = this.#scoreLexically(at, text);
    const cosine = new Map(
      this.#rank(at, (chunk) => multiply(chunk.vector, vector), Infinity).map((p) => [p.chunkId, p.score]),
    );
    const union = new Map([...dense, ...lexical].map((passage) => [passage.chunkId, passage]));
    return [...union.values()].map((passage) => ({
      ...passage,
      cosine: cosine.get(passage.chunkId) ?? 0,
      bm25: bm25.get(passage.chunkId) ?? 0,
    }));
  }

  #rank(at: IndexSnapshot, score: (chunk: StoredDocument['chunks'][number]) => number, limit: number): ScoredPassage[] {
    return this.#heldIn(this.#lineage(at), at.generation)
      .flatMap(({ head, chunks }) => chunks.map((chunk) => describePassage(head, chunk, score(chunk))))
      .sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
      .slice(0, limit);
  }

  #scoreLexically(at: IndexSnapshot, text: string): ReadonlyMap<number, number> {
    const chunks = this.#heldIn(this.#lineage(at), at.generation).flatMap((document) => document.chunks);
    return rankByBm25(text, chunks);
  }

  #lineage({ workspace, lineage }: IndexLocation): Lineage {
    const key = `${workspace} ${lineage}`;
    const known = this.#lineages.get(key) ?? { newest: 0, documents: [], open: null };
    this.#lineages.set(key, known);
    return known;
  }

  #openOf(at: IndexSnapshot, owner: string): OpenGeneration {
    const { open } = this.#lineage(at);
    if (open === null || open.owner !== owner || open.number !== at.generation) throw refuse('generation-lost', false);
    return open;
  }

  #heldIn({ documents }: Lineage, generation: number): readonly StoredDocument[] {
    return documents.filter(
      ({ addedIn, removedIn }) => addedIn <= generation && (removedIn === null || removedIn > generation),
    );
  }
}

function describePassage(head: DocumentHead, chunk: StoredDocument['chunks'][number], score: number): ScoredPassage {
  const { chunkId, ordinal, text, start, end, headings, page } = chunk;
  const { id: documentId, name: documentName, metadata } = head;
  return { chunkId, documentId, documentName, ordinal, text, start, end, headings, page, metadata, score };
}

function multiply(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
}

function compareIds(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function refuse(code: 'generation-open' | 'generation-lost', retryable: boolean): KumikiError {
  return new KumikiError({
    code,
    message:
      code === 'generation-open'
        ? {
            en: 'Another build is writing this index. Wait for it.',
            ja: '別の構築がこの索引に書き込んでいます。終わるまで待ってください。',
          }
        : { en: 'Another build has taken this index over.', ja: 'この索引は別の構築に引き継がれました。' },
    retryable,
    status: 409,
  });
}
