import type { Chunk, Document, Stream, StreamElement } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { embeddingModelSample, makeDocumentHead } from '../testing/samples.ts';
import { chunkRecursive } from './recursive.ts';

const failed: StreamElement<Document> = {
  document: { id: 'load/broken.pdf', name: 'broken.pdf' },
  error: { code: 'document-damaged', message: { en: '', ja: '' }, retryable: false, node: null, path: null },
};

function makeElement(id: string, text: string): StreamElement<Document> {
  return { document: makeDocumentHead(id), items: [{ text, headings: [], pages: [] }] };
}

async function* stream(...elements: StreamElement<Document>[]): Stream<Document> {
  yield* elements;
}

async function collect(chunks: unknown): Promise<StreamElement<Chunk>[]> {
  const elements: StreamElement<Chunk>[] = [];
  // The node's only output is a stream of chunks.
  for await (const element of chunks as Stream<Chunk>) elements.push(element);
  return elements;
}

describe('chunk/recursive', () => {
  it('gives one element for each document and passes errors on', async () => {
    const context = createFakeContext();
    const { chunks } = await runNode(chunkRecursive, {
      inputs: { documents: stream(makeElement('load/a.md', '一つ目。'), failed, makeElement('load/b.md', '')) },
      context,
    });
    const elements = await collect(chunks);
    expect(elements.map(({ document }) => document.id)).toEqual(['load/a.md', 'load/broken.pdf', 'load/b.md']);
    expect(elements[0]).toMatchObject({ items: [{ ordinal: 0, text: '一つ目。' }] });
    expect(elements[1]).toBe(failed);
    expect(elements[2]).toMatchObject({ items: [] });
    expect(context.record.progress.at(-1)).toEqual({ done: 1, total: null, unit: 'chunks' });
  });

  it('asks for the next document only when it is asked itself', async () => {
    let opened = 0;
    async function* documents(): Stream<Document> {
      for (const id of ['a', 'b', 'c']) {
        opened++;
        yield makeElement(id, '文。');
      }
    }
    const { chunks } = await runNode(chunkRecursive, {
      inputs: { documents: documents() },
      context: createFakeContext(),
    });
    await (chunks as Stream<Chunk>)[Symbol.asyncIterator]().next();
    expect(opened).toBe(1);
  });

  it('counts with the embedding model, once a document', async () => {
    const counted: number[] = [];
    const context = createFakeContext({
      models: {
        countTokens: async (model, texts) => {
          expect(model).toBe(embeddingModelSample);
          counted.push(texts.length);
          return texts.map(() => 30);
        },
      },
    });
    const { chunks } = await runNode(chunkRecursive, {
      settings: { size: 64, overlap: 0 },
      inputs: {
        documents: stream(makeElement('a', '一。二。三。'), makeElement('b', '四。')),
        model: embeddingModelSample,
      },
      context,
    });
    const [first] = await collect(chunks);
    expect(counted).toEqual([3, 1]);
    expect(first).toMatchObject({
      items: [
        { text: '一。二。', tokens: 60 },
        { text: '三。', tokens: 30 },
      ],
    });
  });

  it('keeps chunks within the length of the model, and says so', async () => {
    const context = createFakeContext({
      models: { countTokens: async (_, texts) => texts.map(({ length }) => length) },
    });
    const { chunks } = await runNode(chunkRecursive, {
      settings: { size: 4000 },
      inputs: {
        documents: stream(makeElement('a', '文です。'.repeat(500))),
        model: { ...embeddingModelSample, maximumTokens: 512 },
      },
      context,
    });
    const [element] = await collect(chunks);
    expect(context.record.warnings).toEqual(['chunk-size-reduced']);
    if (element === undefined || 'error' in element) throw new Error('The document failed');
    for (const { tokens } of element.items) expect(tokens).toBeLessThanOrEqual(496);
  });

  it('stops between documents when it is cancelled', async () => {
    const controller = new AbortController();
    const { chunks } = await runNode(chunkRecursive, {
      inputs: { documents: stream(makeElement('a', '文。'), makeElement('b', '文。')) },
      context: createFakeContext({ signal: controller.signal }),
    });
    const iterator = (chunks as Stream<Chunk>)[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(new Error('cancelled'));
    await expect(iterator.next()).rejects.toThrow('cancelled');
  });
});
