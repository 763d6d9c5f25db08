import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEmbeddedHost, ensureLlamaRuntime, ensureModel, multilingualE5Small } from '@kumiki/models';
import type {
  Chunk,
  DocumentSource,
  EmbeddedChunk,
  EmbeddingModelValue,
  IndexValue,
  ModelHost,
  NodeContext,
  NodeType,
  Passage,
  PortValue,
  Stream,
  StreamElement,
} from '@kumiki/node-sdk';
import { denseSearch, embed, embeddingModel, hybridSearch, lexicalSearch, pgvectorIndex } from '@kumiki/nodes';
import { createDocumentIndex, openStore } from '@kumiki/store';
import { MemoryServices } from '@kumiki/testkit';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import type { Bench, BenchRow } from './bench.ts';
import { cacheEmbeddings } from './cached-embedder.ts';
import { type JaquadArticle, readJaquadDev } from './jaquad.ts';

/** How well a search finds: the share of questions whose passage is among the first five, and the mean of 1 ÷ its rank. */
type Quality = { readonly recallAt5: number; readonly meanReciprocalRankAt10: number };

const limit = 10;

/**
 * JaQuAD's development set, all passages and all questions, through the very node types that a flow is drawn from, with
 * their settings as they are by default. An article is a document, its passages are the chunks.
 */
export const qualityBench: Bench = {
  name: 'quality',
  async run(log) {
    const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-quality-'));
    const host = await openHost();
    const store = await openStore({ dataFolder: folder });
    try {
      const signal = new AbortController().signal;
      const services = new MemoryServices({ host }).bind({ signal });
      const context: NodeContext = {
        ...services,
        ...silentContext,
        signal,
        index: createDocumentIndex(store.database),
      };
      const articles = await readJaquadDev();
      const index = await buildIndex(articles, context);
      log(`${index.chunks} passages of ${index.documents} articles are in the index`);
      const measure = async (nodeType: NodeType): Promise<Quality> => {
        const quality = await measureSearch(nodeType, { articles, index, context });
        log(`${nodeType.description.type}: MRR@10 ${quality.meanReciprocalRankAt10.toFixed(4)}`);
        return quality;
      };
      const lexical = await measure(lexicalSearch);
      const dense = await measure(denseSearch);
      const hybrid = await measure(hybridSearch);
      return makeRows({ lexical, dense, hybrid });
    } finally {
      await store.close();
      await host.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function makeRows({ lexical, dense, hybrid }: Record<'lexical' | 'dense' | 'hybrid', Quality>): readonly BenchRow[] {
  const singleRecall = Math.max(lexical.recallAt5, dense.recallAt5);
  const singleRank = Math.max(lexical.meanReciprocalRankAt10, dense.meanReciprocalRankAt10);
  return [
    makeRow('recall@5 lexical', lexical.recallAt5, 0.97),
    makeRow('recall@5 dense', dense.recallAt5, 0.92),
    makeRow('recall@5 hybrid', hybrid.recallAt5, 0.98, singleRecall),
    makeRow('MRR@10 hybrid', hybrid.meanReciprocalRankAt10, 0.905, singleRank),
  ];
}

function makeRow(figure: string, value: number, target: number, single?: number): BenchRow {
  return {
    figure,
    value,
    unit: '',
    yardstick: single === undefined ? null : { name: 'the better of the two alone', value: single },
    ratio: single === undefined ? null : value / single,
    target: `>= ${target}`,
    met: value >= target,
  };
}

async function openHost(): Promise<ModelHost> {
  const modelsFolder = cacheFolder('models');
  const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
  await ensureModel(multilingualE5Small, { folder: modelsFolder });
  const host = createEmbeddedHost({ runtimeFolder, modelsFolder, embeddingLanes: 1 });
  return cacheEmbeddings(host, {
    file: cacheFolder('bench-vectors', `${multilingualE5Small.sha256}.f32`),
    dimensions: multilingualE5Small.embedding?.dimensions ?? 0,
  });
}

const silentContext = {
  workspace: 'default',
  node: 'quality',
  idempotencyKey: 'quality',
  progress: () => undefined,
  emitText: () => undefined,
  reportUsage: () => undefined,
  warn: () => undefined,
  recordDocumentError: () => undefined,
} satisfies Partial<NodeContext>;

async function buildIndex(articles: readonly JaquadArticle[], context: NodeContext): Promise<IndexValue> {
  const { model } = await run(embeddingModel, { settings: { model: multilingualE5Small.name }, context });
  const { vectors } = await run(embed, { inputs: { chunks: streamChunks(articles, context), model }, context });
  if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
  const source: DocumentSource<EmbeddedChunk> = { manifest: null, read: () => asKind<'vectors'>(vectors) };
  const { outputs } = await pgvectorIndex.behaviour.make({
    settings: pgvectorIndex.settings.parse({}),
    inputs: { vectors: source, model: asKind<'embedding-model'>(model) },
    context,
    lineage: 'jaquad',
    owner: 'quality',
  });
  return asKind<'index'>(outputs.index);
}

async function* streamChunks(articles: readonly JaquadArticle[], context: NodeContext): Stream<Chunk> {
  const model: Parameters<typeof context.models.countTokens>[0] = {
    host: 'embedded',
    name: multilingualE5Small.name,
    digest: null,
  };
  for (const [place, { title, passages }] of articles.entries()) {
    const texts = passages.map(({ text }) => text);
    const tokens = await context.models.countTokens(model, texts);
    const items = texts.map((text, ordinal) => ({
      ordinal,
      text,
      start: 0,
      end: text.length,
      tokens: tokens[ordinal] ?? 0,
      headings: [],
      page: null,
    }));
    const contentHash = createHash('sha256').update(texts.join('\n')).digest('hex');
    const document = { id: `article ${place}`, name: title, mediaType: 'text/plain', contentHash, metadata: {} };
    yield { document, items } satisfies StreamElement<Chunk>;
  }
}

async function measureSearch(
  nodeType: NodeType,
  given: { readonly articles: readonly JaquadArticle[]; readonly index: IndexValue; readonly context: NodeContext },
): Promise<Quality> {
  const { articles, index, context } = given;
  const ranks: number[] = [];
  for (const [place, { passages }] of articles.entries()) {
    for (const [ordinal, { questions }] of passages.entries()) {
      for (const query of questions) {
        const outputs = await run(nodeType, { settings: { limit }, inputs: { index, query }, context });
        const found = asKind<'passages'>(outputs.passages ?? []);
        ranks.push(1 + found.findIndex((passage) => isFrom(passage, `article ${place}`, ordinal)));
      }
    }
  }
  const share = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / ranks.length;
  return {
    recallAt5: share(ranks.map((rank) => (rank >= 1 && rank <= 5 ? 1 : 0))),
    meanReciprocalRankAt10: share(ranks.map((rank) => (rank >= 1 ? 1 / rank : 0))),
  };
}

function isFrom(passage: Passage, documentId: string, ordinal: number): boolean {
  return passage.documentId === documentId && passage.ordinal === ordinal;
}

async function run(
  nodeType: NodeType,
  call: {
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly inputs?: Readonly<Record<string, PortValue | undefined>>;
    readonly context: NodeContext;
  },
): Promise<Readonly<Record<string, PortValue | undefined>>> {
  if (nodeType.behaviour.role !== 'run') throw new Error(`${nodeType.description.type} does not compute`);
  const settings = nodeType.settings.parse(call.settings ?? {});
  return nodeType.behaviour.run({ settings, inputs: call.inputs ?? {}, variables: {}, context: call.context });
}

type Carried = {
  vectors: Stream<EmbeddedChunk>;
  'embedding-model': EmbeddingModelValue;
  index: IndexValue;
  passages: readonly Passage[];
};

/** Node types are erased; which kind a port carries is said by their descriptions, as the engine trusts them too. */
function asKind<Kind extends keyof Carried>(value: PortValue | undefined): Carried[Kind] {
  return value as Carried[Kind];
}
