import {
  type Chunk,
  type EmbeddedChunk,
  KumikiError,
  type ModelAccess,
  type PortValue,
  type Stream,
  type StreamElement,
} from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { embeddingModelSample, makeChunk, makeDocumentHead } from '../testing/samples.ts';
import { embed } from './embed.ts';

type Element<T> = StreamElement<T>;

const makeElement = (id: string, ...texts: string[]): Element<Chunk> => ({
  document: makeDocumentHead(id),
  items: texts.map((text, ordinal) => makeChunk(text, { ordinal })),
});

const broken: Element<Chunk> = {
  document: { id: 'broken', name: 'broken.pdf' },
  error: {
    code: 'document-damaged',
    message: { en: 'damaged', ja: '破損' },
    retryable: false,
    node: null,
    path: null,
  },
};

async function* streamOf<T>(elements: readonly T[]): AsyncIterable<T> {
  yield* elements;
}

async function collect<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const elements: T[] = [];
  for await (const element of stream) elements.push(element);
  return elements;
}

/** An embedder that keeps its batches and makes vectors that show their text's length. */
function createEmbedder(refuses: (text: string) => boolean = () => false) {
  const batches: string[][] = [];
  const embedTexts: ModelAccess['embed'] = async (_model, texts) => {
    if (texts.some(refuses)) {
      throw new KumikiError({ code: 'model-input-too-long', message: { en: 'too long', ja: '長すぎます' } });
    }
    batches.push([...texts]);
    return texts.map((text) => Float32Array.of(text.length, 0, 0));
  };
  return { embed: embedTexts, batches };
}

async function embedAll(
  chunks: Stream<Chunk>,
  embedder: ReturnType<typeof createEmbedder>,
  settings: Record<string, unknown> = {},
) {
  const context = createFakeContext({ models: { embed: embedder.embed } });
  const { vectors } = await runNode(embed, { settings, inputs: { chunks, model: embeddingModelSample }, context });
  return { elements: await collect(asVectors(vectors)), context };
}

/** The port's kind says what travels on it; a test takes it for that, as the next node would. */
const asVectors = (value: PortValue | undefined) => value as Stream<EmbeddedChunk>;

describe('embed', () => {
  it('fills batches across documents, and keeps documents and chunks in their order', async () => {
    const embedder = createEmbedder();
    const chunks = streamOf([makeElement('a', '一', '二'), makeElement('b', '三'), makeElement('c', '四', '五')]);
    const { elements, context } = await embedAll(chunks, embedder, { batchSize: 3, withHeadings: false });
    expect(embedder.batches).toEqual([
      ['一', '二', '三'],
      ['四', '五'],
    ]);
    expect(elements.map((element) => ('items' in element ? element.items.map(({ text }) => text) : null))).toEqual([
      ['一', '二'],
      ['三'],
      ['四', '五'],
    ]);
    expect(context.record.progress.at(-1)).toEqual({ done: 5, total: null, unit: 'chunks' });
  });

  it('cuts a long document into batches, and passes empty documents and errors through in their place', async () => {
    const embedder = createEmbedder();
    const chunks = streamOf([makeElement('a', '1', '2', '3'), broken, makeElement('empty')]);
    const { elements } = await embedAll(chunks, embedder, { batchSize: 2, withHeadings: false });
    expect(embedder.batches).toEqual([['1', '2'], ['3']]);
    expect(elements.map(({ document }) => document.id)).toEqual(['a', 'broken', 'empty']);
    expect(elements[1]).toBe(broken);
  });

  it('embeds in NFKC with title and headings in front, and leaves the stored text as it is', async () => {
    const embedder = createEmbedder();
    const element: Element<Chunk> = {
      document: makeDocumentHead('load/manual.md', { name: 'guides/manual.md' }),
      items: [makeChunk('ＡＢＣ１２３', { headings: ['料金', '返金'] })],
    };
    const { elements } = await embedAll(streamOf([element]), embedder);
    expect(embedder.batches).toEqual([['manual › 料金 › 返金\nABC123']]);
    expect(elements[0]).toMatchObject({ items: [{ text: 'ＡＢＣ１２３', embeddedBy: expect.any(String) }] });
  });

  it('leaves title and headings out where they would not fit into the model', async () => {
    const embedder = createEmbedder();
    const element: Element<Chunk> = {
      document: makeDocumentHead('a'),
      items: [makeChunk('本文', { tokens: 511, headings: ['見出し'] })],
    };
    await embedAll(streamOf([element]), embedder);
    expect(embedder.batches).toEqual([['本文']]);
  });

  it('fails only the document whose text is too long', async () => {
    const embedder = createEmbedder((text) => text.includes('長い'));
    const chunks = streamOf([makeElement('a', '短い'), makeElement('b', '長い'), makeElement('c', '短い')]);
    const { elements } = await embedAll(chunks, embedder, { withHeadings: false });
    expect(elements.map((element) => ('error' in element ? element.error.code : 'embedded'))).toEqual([
      'embedded',
      'model-input-too-long',
      'embedded',
    ]);
  });

  it('pulls no more than one batch ahead of what was taken', async () => {
    const pulled: string[] = [];
    async function* chunks(): Stream<Chunk> {
      for (const id of ['a', 'b', 'c', 'd']) {
        pulled.push(id);
        yield makeElement(id, id);
      }
    }
    const context = createFakeContext({ models: { embed: createEmbedder().embed } });
    const { vectors } = await runNode(embed, {
      settings: { batchSize: 1 },
      inputs: { chunks: chunks(), model: embeddingModelSample },
      context,
    });
    const taker = asVectors(vectors)[Symbol.asyncIterator]();
    await taker.next();
    await taker.return?.();
    expect(pulled).toEqual(['a', 'b']);
  });

  it('has the next call waiting at the model while one is worked on, and never more', async () => {
    let open = 0;
    const opened: number[] = [];
    const models: Pick<ModelAccess, 'embed'> = {
      async embed(_model, texts) {
        open += 1;
        opened.push(open);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return texts.map(() => Float32Array.of(1, 0, 0));
      },
    };
    const chunks = streamOf(['a', 'b', 'c', 'd', 'e'].map((id) => makeElement(id, id)));
    const context = createFakeContext({ models });
    const inputs = { chunks, model: embeddingModelSample };
    const { vectors } = await runNode(embed, { settings: { batchSize: 1 }, inputs, context });
    const elements = await collect(asVectors(vectors));
    expect(elements.map(({ document }) => document.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(Math.max(...opened)).toBe(2);
  });

  it('ends with the model’s error when the host is down', async () => {
    const down = new KumikiError({ code: 'model-host-down', message: { en: 'down', ja: '停止' }, retryable: true });
    const embedder = { ...createEmbedder(), embed: () => Promise.reject(down) };
    await expect(embedAll(streamOf([makeElement('a', 'x')]), embedder)).rejects.toBe(down);
  });
});
