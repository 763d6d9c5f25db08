import { createHash } from 'node:crypto';
import { createEmbeddedHost, ensureLlamaRuntime, ensureModel, multilingualE5Small } from '@kumiki/models';
import type {
  Chunk,
  DocumentSource,
  EmbeddedChunk,
  IndexValue,
  ModelHost,
  NodeContext,
  Stream,
  StreamElement,
} from '@kumiki/node-sdk';
import { embed, embeddingModel, pgvectorIndex } from '@kumiki/nodes';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { cacheEmbeddings } from './cached-embedder.ts';
import type { JaquadArticle } from './jaquad.ts';
import { asKind, runNode } from './run-node.ts';

/** The embedded host with the embedding model. It is fetched where it is not there yet. */
export async function openEmbeddingHost({ lanes }: { readonly lanes: number }): Promise<ModelHost> {
  const modelsFolder = cacheFolder('models');
  const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
  await ensureModel(multilingualE5Small, { folder: modelsFolder });
  return createEmbeddedHost({ runtimeFolder, modelsFolder, embeddingLanes: lanes });
}

/** A host whose vectors are kept from one bench to the next. */
export function keepVectors(host: ModelHost): Promise<ModelHost> {
  return cacheEmbeddings(host, {
    file: cacheFolder('bench-vectors', `${multilingualE5Small.sha256}.f32`),
    dimensions: multilingualE5Small.embedding?.dimensions ?? 0,
  });
}

/** Every article is a document, its passages are the chunks; through the node types that a flow is drawn from. */
export async function indexArticles(articles: readonly JaquadArticle[], context: NodeContext): Promise<IndexValue> {
  const { model } = await runNode(embeddingModel, { settings: { model: multilingualE5Small.name }, context });
  const { vectors } = await runNode(embed, { inputs: { chunks: streamChunks(articles, context), model }, context });
  if (pgvectorIndex.behaviour.role !== 'artifact') throw new Error('index/pgvector makes an artifact');
  const source: DocumentSource<EmbeddedChunk> = { manifest: null, read: () => asKind<'vectors'>(vectors) };
  const { outputs } = await pgvectorIndex.behaviour.make({
    settings: pgvectorIndex.settings.parse({}),
    inputs: { vectors: source, model: asKind<'embedding-model'>(model) },
    context,
    lineage: 'jaquad',
    owner: 'bench',
  });
  return asKind<'index'>(outputs.index);
}

async function* streamChunks(articles: readonly JaquadArticle[], context: NodeContext): Stream<Chunk> {
  const model = { host: 'embedded', name: multilingualE5Small.name, digest: null } satisfies Parameters<
    typeof context.models.countTokens
  >[0];
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
