import { createHash } from 'node:crypto';
import type {
  DocumentSource,
  EmbeddedChunk,
  EmbeddingModelValue,
  IndexValue,
  NodeType,
  Passage,
} from '@kumiki/node-sdk';
import { createDocumentIndex, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { embedText, fakeDimensions } from '@kumiki/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvectorIndex } from '../index/pgvector.ts';
import { createFakeContext, type FakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { embeddingModelSample, makeChunk, makeDocumentHead } from '../testing/samples.ts';
import { denseSearch } from './dense.ts';
import { hybridSearch } from './hybrid.ts';
import { lexicalSearch } from './lexical.ts';

const model: EmbeddingModelValue = { ...embeddingModelSample, dimensions: fakeDimensions };

const helpCentre = {
  'load/返品.md': ['返品は商品到着後 14 日以内に受け付けます。', '返品の送料はお客様のご負担です。'],
  'load/送料.md': ['送料は全国一律 550 円です。', '5,000 円以上のお買い上げで送料は無料です。'],
  'load/エラー.md': ['エラー E-4012 が出たら、アプリを再起動してください。'],
};

let store: Store;
let context: FakeContext;

beforeAll(async () => {
  store = await openTestDatabase();
  context = {
    ...createFakeContext({
      index: createDocumentIndex(store.database),
      models: { embed: async (_model, texts) => texts.map(embedText) },
    }),
    workspace: 'default',
  };
});
afterAll(() => store.close());

type Documents = Readonly<Record<string, readonly string[]>>;
const hash = (texts: readonly string[]) => createHash('sha256').update(texts.join('\n')).digest('hex');

function createSource(documents: Documents) {
  const read: string[] = [];
  const source: DocumentSource<EmbeddedChunk> = {
    manifest: Object.entries(documents).map(([id, texts]) => ({
      id,
      name: id,
      identity: hash(texts),
      contentHash: hash(texts),
    })),
    async *read(ids) {
      for (const id of ids === 'all' ? Object.keys(documents) : ids) {
        const texts = documents[id] ?? [];
        read.push(id);
        yield {
          document: makeDocumentHead(id, { name: id.slice('load/'.length), contentHash: hash(texts) }),
          items: texts.map((text, ordinal) => ({ ...makeChunk(text, { ordinal }), vector: embedText(text) })),
        };
      }
    },
  };
  return { source, read };
}

async function build(documents: Documents, lineage: string) {
  const { source, read } = createSource(documents);
  if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
  const made = await pgvectorIndex.behaviour.make({
    settings: pgvectorIndex.settings.parse({}),
    inputs: { vectors: source, model },
    context,
    lineage,
    owner: crypto.randomUUID(),
  });
  // The port's kind says what travels on it; the test takes it for that, as the next node would.
  return { index: made.outputs.index as IndexValue, contents: made.contents, read };
}

async function search(nodeType: NodeType, index: IndexValue, query: string, settings: Record<string, unknown> = {}) {
  const { passages } = await runNode(nodeType, { settings, inputs: { index, query }, context });
  return passages as readonly Passage[] | undefined;
}

describe('an index that was built, and the nodes that search it', () => {
  it('finds by words, by meaning and by both, with the scores of each', async () => {
    const { index } = await build(helpCentre, 'first');
    expect(index).toMatchObject({ documents: 3, chunks: 5, embeddingModel: model });
    const query = 'エラー Ｅ－４０１２';
    for (const nodeType of [lexicalSearch, denseSearch, hybridSearch]) {
      const passages = await search(nodeType, index, query, { limit: 2 });
      expect(passages?.[0]).toMatchObject({ documentId: 'load/エラー.md', documentName: 'エラー.md', ordinal: 0 });
    }
    const [best] = (await search(hybridSearch, index, query)) ?? [];
    const [byWords] = (await search(lexicalSearch, index, query)) ?? [];
    const [byMeaning] = (await search(denseSearch, index, query)) ?? [];
    expect(best?.scores.bm25).toBeCloseTo(byWords?.scores.bm25 ?? 0, 5);
    expect(best?.scores.cosine).toBeCloseTo(byMeaning?.scores.cosine ?? 0, 5);
    expect(best?.scores.ranking).toBeCloseTo(1, 5);
  });

  it('says nothing about what the documents do not speak of', async () => {
    const { index } = await build(helpCentre, 'second');
    const query = '駐車場はありますか';
    const [nearest] = (await search(denseSearch, index, query)) ?? [];
    const minimumCosine = (nearest?.scores.cosine ?? 0) + 0.05;
    expect(await search(hybridSearch, index, query, { minimumCosine })).toBeUndefined();
    expect(await search(hybridSearch, index, '返品は商品到着後 14 日以内', { minimumCosine })).toBeDefined();
    expect(await search(lexicalSearch, index, query, { minimumBm25: 5 })).toBeUndefined();
  });

  it('reads one document again when one has changed, and answers a pinned reader from the old text', async () => {
    const old = await build(helpCentre, 'third');
    expect(old.read).toHaveLength(3);
    const renewed = await build({ ...helpCentre, 'load/送料.md': ['送料は 2027 年から無料です。'] }, 'third');
    expect(renewed.read).toEqual(['load/送料.md']);
    expect(renewed.contents).not.toEqual(old.contents);
    const textsFor = async (index: IndexValue) =>
      (await search(hybridSearch, index, '送料は？', { limit: 10 }))?.map(({ text }) => text) ?? [];
    expect(await textsFor(old.index)).toContain('送料は全国一律 550 円です。');
    expect(await textsFor(renewed.index)).toContain('送料は 2027 年から無料です。');
    expect(await textsFor(renewed.index)).not.toContain('送料は全国一律 550 円です。');
  });

  it('changes nothing when a build fails in the middle, and goes on from there', async () => {
    const old = await build(helpCentre, 'fourth');
    const changed = { ...helpCentre, 'load/返品.md': ['返品は 30 日以内です。'], 'load/新.md': ['新しい文書です。'] };
    const { source } = createSource(changed);
    const breaking: DocumentSource<EmbeddedChunk> = {
      manifest: source.manifest,
      async *read(ids) {
        for await (const element of source.read(ids)) {
          if (element.document.id === 'load/新.md') throw new Error('the power went');
          yield element;
        }
      },
    };
    if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
    const owner = 'attempt';
    const call = { settings: pgvectorIndex.settings.parse({}), context, lineage: 'fourth', owner };
    const broken = pgvectorIndex.behaviour.make({ ...call, inputs: { vectors: breaking, model } });
    await expect(broken).rejects.toThrow('the power went');
    const texts = (await search(hybridSearch, old.index, '返品', { limit: 10 }))?.map(({ text }) => text);
    expect(texts).toContain('返品は商品到着後 14 日以内に受け付けます。');
    expect(texts).not.toContain('返品は 30 日以内です。');

    const again = createSource(changed);
    const made = await pgvectorIndex.behaviour.make({ ...call, inputs: { vectors: again.source, model } });
    expect(again.read).toEqual(['load/新.md']);
    expect(made.contents.map(({ id }) => id)).toEqual(Object.keys(changed).toSorted());
  });
});
