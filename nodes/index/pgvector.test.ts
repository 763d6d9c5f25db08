import type {
  DocumentIndex,
  DocumentSource,
  EmbeddedChunk,
  ErrorReport,
  ManifestEntry,
  StreamElement,
} from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { embeddingModelSample, makeChunk, makeDocumentHead } from '../testing/samples.ts';
import { pgvectorIndex } from './pgvector.ts';

const damaged: ErrorReport = {
  code: 'document-damaged',
  message: { en: 'damaged', ja: '破損' },
  retryable: false,
  node: null,
  path: null,
};

const makeVectors = (id: string, parts: Partial<EmbeddedChunk> = {}): StreamElement<EmbeddedChunk> => ({
  document: makeDocumentHead(id),
  items: [{ ...makeChunk(`text of ${id}`), vector: Float32Array.of(1, 0, 0), ...parts }],
});

const failed = (id: string): StreamElement<EmbeddedChunk> => ({ document: { id, name: id }, error: damaged });

/** An index that writes down what it is told, and wants the given documents. */
function createRecordingIndex(wanted: readonly string[]) {
  const calls: string[] = [];
  const index: Partial<DocumentIndex> = {
    async openGeneration({ workspace, lineage }, { owner, manifest }) {
      calls.push(`open ${workspace}/${lineage} for ${owner}, ${manifest?.length ?? 'unknown'} listed`);
      return { generation: 4, wanted, leaving: [], current: null };
    },
    async replaceDocuments({ generation }, _owner, documents) {
      const written = documents.map(({ document: { id }, items }) => `${id} with ${items.length}`);
      calls.push(`replace in ${generation}: ${written.join(', ')}`);
    },
    async recordFailure(_at, _owner, id, _name, error) {
      calls.push(`failure ${id} ${error.code}`);
    },
    async closeGeneration({ generation }) {
      calls.push(`close ${generation}`);
      return { generation, documents: 2, chunks: 5, contents: [{ id: 'a', contentHash: 'h' }], failures: [] };
    },
  };
  return { index, calls };
}

function createSource(ids: readonly string[] | null, elements: readonly StreamElement<EmbeddedChunk>[]) {
  const reads: (readonly string[] | 'all')[] = [];
  const manifest = ids?.map((id): ManifestEntry => ({ id, name: id, identity: id, contentHash: null })) ?? null;
  const source: DocumentSource<EmbeddedChunk> = {
    manifest,
    async *read(wanted) {
      reads.push(wanted);
      yield* elements;
    },
  };
  return { source, reads };
}

async function build(options: {
  readonly listed: readonly string[] | null;
  readonly wanted: readonly string[];
  readonly elements: readonly StreamElement<EmbeddedChunk>[];
  readonly failFrom?: number;
  readonly signal?: AbortSignal;
}) {
  const { index, calls } = createRecordingIndex(options.wanted);
  const { source, reads } = createSource(options.listed, options.elements);
  const context = createFakeContext({ index, ...(options.signal === undefined ? {} : { signal: options.signal }) });
  if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
  const made = pgvectorIndex.behaviour.make({
    settings: pgvectorIndex.settings.parse(options.failFrom === undefined ? {} : { failFrom: options.failFrom }),
    inputs: { vectors: source, model: embeddingModelSample },
    context,
    lineage: 'line',
    owner: 'run 1',
  });
  return { made, calls, reads, context };
}

describe('index/pgvector', () => {
  it('reads only the documents that its newest generation lacks', async () => {
    const { made, calls, reads, context } = await build({
      listed: ['a', 'b', 'c'],
      wanted: ['b'],
      elements: [makeVectors('b')],
    });
    expect(await made).toEqual({
      outputs: {
        index: { lineage: 'line', generation: 4, embeddingModel: embeddingModelSample, documents: 2, chunks: 5 },
      },
      contents: [{ id: 'a', contentHash: 'h' }],
    });
    expect(reads).toEqual([['b']]);
    expect(calls).toEqual(['open workshop/line for run 1, 3 listed', 'replace in 4: b with 1', 'close 4']);
    expect(context.record.progress).toEqual([{ done: 1, total: 1, unit: 'documents' }]);
  });

  it('opens no stream at all where nothing is wanted', async () => {
    const { made, calls, reads } = await build({ listed: ['a'], wanted: [], elements: [] });
    await made;
    expect(reads).toEqual([]);
    expect(calls.at(-1)).toBe('close 4');
  });

  it('reads the whole where the documents are not known beforehand', async () => {
    const { made, calls, reads } = await build({ listed: null, wanted: [], elements: [makeVectors('x')] });
    await made;
    expect(reads).toEqual(['all']);
    expect(calls).toContain('replace in 4: x with 1');
  });

  it('records a document that cannot be read and goes on', async () => {
    const { made, calls, context } = await build({
      listed: ['a', 'b', 'c'],
      wanted: ['a', 'b'],
      elements: [failed('a'), makeVectors('b')],
    });
    await made;
    expect(calls.slice(1)).toEqual(['failure a document-damaged', 'replace in 4: b with 1', 'close 4']);
    expect(context.record.documentErrors).toEqual([{ id: 'a', error: damaged }]);
  });

  it('records a document that was listed and never came', async () => {
    const { made, calls } = await build({ listed: ['a', 'b', 'c'], wanted: ['a', 'b'], elements: [makeVectors('b')] });
    await made;
    expect(calls).toContain('failure a document-not-delivered');
  });

  it('fails from the set share of failures on, and makes nothing visible', async () => {
    const { made, calls } = await build({
      listed: ['a', 'b'],
      wanted: ['a', 'b'],
      elements: [failed('a'), makeVectors('b')],
    });
    await expect(made).rejects.toMatchObject({ code: 'index-too-many-failures' });
    expect(calls).not.toContain('close 4');
  });

  it('does not fail over one changed document among many', async () => {
    const listed = Array.from({ length: 10 }, (_, place) => `d${place}`);
    const { made } = await build({ listed, wanted: ['d3'], elements: [failed('d3')] });
    await expect(made).resolves.toBeDefined();
  });

  it.each([
    ['of another model', { embeddedBy: 'another model' }],
    ['of another length', { vector: Float32Array.of(1, 0) }],
  ])('refuses vectors %s', async (_what, parts) => {
    const { made, calls } = await build({ listed: ['a'], wanted: ['a'], elements: [makeVectors('a', parts)] });
    await expect(made).rejects.toMatchObject({ code: 'index-model-mismatch' });
    expect(calls).toHaveLength(1);
  });

  it('stops when it is cancelled, and leaves the generation unseen', async () => {
    const { made, calls } = await build({
      listed: ['a'],
      wanted: ['a'],
      elements: [makeVectors('a')],
      signal: AbortSignal.abort(),
    });
    await expect(made).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).not.toContain('close 4');
  });

  it('stores together what came together, and what it has before it waits for more', async () => {
    const order: string[] = [];
    const { index } = createRecordingIndex(['a', 'b', 'c']);
    const source: DocumentSource<EmbeddedChunk> = {
      manifest: null,
      async *read() {
        for (const id of ['a', 'b']) {
          order.push(`read ${id}`);
          yield makeVectors(id);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push('read c');
        yield makeVectors('c');
      },
    };
    if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
    await pgvectorIndex.behaviour.make({
      settings: pgvectorIndex.settings.parse({}),
      inputs: { vectors: source, model: embeddingModelSample },
      context: createFakeContext({
        index: {
          ...index,
          replaceDocuments: async (_at, _owner, documents) => {
            order.push(`stored ${documents.map(({ document: { id } }) => id).join(', ')}`);
          },
        },
      }),
      lineage: 'line',
      owner: 'run 1',
    });
    expect(order).toEqual(['read a', 'read b', 'stored a, b', 'read c', 'stored c']);
  });

  it('stores a document that comes twice as it came last', async () => {
    const twice = [makeVectors('a'), makeVectors('b'), makeVectors('a', { text: 'newer' })];
    const { made, calls } = await build({ listed: null, wanted: [], elements: twice });
    await made;
    expect(calls.slice(1)).toEqual(['replace in 4: a with 1, b with 1', 'close 4']);
  });
});
