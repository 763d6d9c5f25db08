import {
  type Chunk,
  type DocumentHead,
  defineNode,
  type EmbeddedChunk,
  type EmbeddingModelValue,
  KumikiError,
  type NodeContext,
  port,
  reportError,
  type Stream,
  type StreamElement,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { identifyEmbeddingModel } from './embedding-identity.ts';
import { composeEmbeddingText } from './embedding-text.ts';

const settings = z.object({
  withHeadings: z.boolean().default(true),
  batchSize: z.int().min(1).max(512).default(32),
});

type Settings = z.output<typeof settings>;
type Read = Extract<StreamElement<Chunk>, { items: unknown }>;
type Job = {
  readonly settings: Settings;
  readonly model: EmbeddingModelValue;
  readonly context: NodeContext;
};

/** Chunks in, the same chunks with their vectors out, document by document and in their order. */
export const embed = defineNode({
  type: 'embed',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  perDocument: true,
  title: { en: 'Embed', ja: '埋め込み' },
  description: {
    en: 'Turns every chunk into a vector with the embedding model, so that it can be found by meaning.',
    ja: '断片を埋め込みモデルでベクトルに変え、意味の近さで探せるようにします。',
  },
  settings,
  settingTexts: {
    withHeadings: {
      title: { en: 'Add title and headings', ja: '題名と見出しを添える' },
      description: {
        en: 'Puts them in front of each chunk, since one that says what it belongs to is found more easily. The stored text stays as it is.',
        ja: '断片の前に付けます。何についての断片かが分かると、見つけやすくなるためです。保存する本文は変わりません。',
      },
    },
    batchSize: {
      title: { en: 'Chunks per call', ja: '一度に送る断片の数' },
      advanced: true,
    },
  },
  inputs: { chunks: port.chunks(), model: port.embeddingModel() },
  outputs: { vectors: port.vectors() },
  resources: ['network'],
  async run({ settings, inputs, context }) {
    return { vectors: embedStream(inputs.chunks, { settings, model: inputs.model, context }) };
  },
});

/** While the model works at one call, the next one is being filled, and then waits at the model's door. */
const callsAtOnce = 2;

/** Batches are filled across documents, since most documents are shorter than a batch. */
async function* embedStream(chunks: Stream<Chunk>, job: Job): Stream<EmbeddedChunk> {
  const pending: Promise<readonly StreamElement<EmbeddedChunk>[]>[] = [];
  let done = 0;
  const embedBatch = async ({ elements, chunks: count }: Batch) => {
    const embedded = await embedElements(elements, job);
    done += count;
    job.context.progress({ done, total: null, unit: 'chunks' });
    return embedded;
  };
  try {
    for await (const batch of gatherBatches(chunks, job)) {
      const embedding = embedBatch(batch);
      // Whoever takes it gets its error; until then it must not count as unhandled.
      embedding.catch(() => undefined);
      pending.push(embedding);
      if (pending.length === callsAtOnce) yield* await takeFirst(pending);
    }
    while (pending.length > 0) yield* await takeFirst(pending);
  } finally {
    await Promise.allSettled(pending);
  }
}

type Batch = { readonly elements: readonly StreamElement<Chunk>[]; readonly chunks: number };

async function* gatherBatches(chunks: Stream<Chunk>, { settings, context }: Job): AsyncGenerator<Batch> {
  let elements: StreamElement<Chunk>[] = [];
  let count = 0;
  for await (const element of chunks) {
    context.signal.throwIfAborted();
    elements.push(element);
    if ('items' in element) count += element.items.length;
    if (count < settings.batchSize) continue;
    yield { elements, chunks: count };
    elements = [];
    count = 0;
  }
  if (elements.length > 0) yield { elements, chunks: count };
}

async function takeFirst<Result>(pending: Promise<readonly Result[]>[]): Promise<readonly Result[]> {
  return (await pending.shift()) ?? [];
}

async function embedElements(
  elements: readonly StreamElement<Chunk>[],
  job: Job,
): Promise<readonly StreamElement<EmbeddedChunk>[]> {
  const documents = elements.filter((element) => 'items' in element);
  try {
    const vectors = await embedTexts(documents, job);
    let taken = 0;
    return elements.map((element) => {
      if (!('items' in element)) return element;
      const own = vectors.slice(taken, taken + element.items.length);
      taken += element.items.length;
      return attachVectors(element, own, job.model);
    });
  } catch (error) {
    if (!(error instanceof KumikiError) || error.code !== 'model-input-too-long') throw error;
    const [only] = elements;
    // Only the document with the text that is too long fails, so each is tried again on its own.
    if (elements.length === 1 && only !== undefined) return [failDocument(only.document, error)];
    const alone: StreamElement<EmbeddedChunk>[] = [];
    for (const element of elements) alone.push(...(await embedElements([element], job)));
    return alone;
  }
}

async function embedTexts(documents: readonly Read[], { settings, model, context }: Job): Promise<Float32Array[]> {
  const { withHeadings, batchSize } = settings;
  const { maximumTokens } = model;
  const texts = documents.flatMap(({ document, items }) =>
    items.map((chunk) => composeEmbeddingText({ chunk, document, withHeadings, maximumTokens })),
  );
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += batchSize) {
    context.signal.throwIfAborted();
    vectors.push(...(await context.models.embed(model, texts.slice(start, start + batchSize), 'document')));
  }
  return vectors;
}

function attachVectors(
  { document, items }: Read,
  vectors: readonly Float32Array[],
  model: EmbeddingModelValue,
): StreamElement<EmbeddedChunk> {
  const embeddedBy = identifyEmbeddingModel(model);
  return {
    document,
    items: items.flatMap((chunk, place) => {
      const vector = vectors[place];
      return vector === undefined ? [] : [{ ...chunk, vector, embeddedBy }];
    }),
  };
}

function failDocument(document: Pick<DocumentHead, 'id' | 'name'>, error: KumikiError): StreamElement<EmbeddedChunk> {
  return { document: { id: document.id, name: document.name }, error: reportError(error) };
}
