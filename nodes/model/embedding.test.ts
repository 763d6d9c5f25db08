import { describe, expect, it } from 'vitest';
import { createFakeContext, describeHostModel } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { embeddingModel } from './embedding.ts';

const e5 = describeHostModel({ purposes: ['embedding'], digest: 'sha256:e5', contextLength: 512, dimensions: 384 });
const context = createFakeContext({ models: { inspect: async () => e5 } });
const identify = (settings: Record<string, unknown>) =>
  embeddingModel.identify?.({ settings: embeddingModel.settings.parse(settings), context });

describe('model/embedding', () => {
  it('gives a known model the prefixes that it was trained with', async () => {
    const { model } = await runNode(embeddingModel, { settings: { model: 'multilingual-e5-small' }, context });
    expect(model).toEqual({
      host: 'embedded',
      name: 'multilingual-e5-small',
      digest: 'sha256:e5',
      dimensions: 384,
      maximumTokens: 512,
      prefixes: { query: 'query: ', document: 'passage: ' },
    });
  });

  it.each([
    ['intfloat/multilingual-e5-large', 'query: '],
    ['cl-nagoya/ruri-v3-310m', '検索クエリ: '],
    ['cl-nagoya/ruri-large-v2', 'クエリ: '],
    ['nomic-embed-text:v1.5', 'search_query: '],
    ['multilingual-e5-large-instruct', ''],
    ['bge-m3', ''],
    ['line5-embed', ''],
  ])('knows what %s wants in front of a query', async (model, query) => {
    expect(await runNode(embeddingModel, { settings: { model }, context })).toMatchObject({
      model: { prefixes: { query } },
    });
  });

  it('takes prefixes and length from the settings where they are the user’s own', async () => {
    const settings = { model: 'e5', prefixes: 'custom', queryPrefix: '問: ', maximumTokens: 256 };
    expect(await runNode(embeddingModel, { settings, context })).toMatchObject({
      model: { prefixes: { query: '問: ', document: '' }, maximumTokens: 256 },
    });
  });

  it('keeps its identity when only host and name change, and changes it with the prefixes', async () => {
    const here = await identify({ model: 'multilingual-e5-small' });
    const there = await identify({ host: 'ollama', model: 'e5-small' });
    const bare = await identify({ model: 'multilingual-e5-small', prefixes: 'custom' });
    expect(there).toEqual(here);
    expect(bare?.value).not.toEqual(here?.value);
    expect(here?.covers).toEqual(Object.keys(embeddingModel.settings.shape));
  });

  it('measures the length of the vectors where the host does not tell it', async () => {
    const silent = createFakeContext({
      models: {
        inspect: async () => ({ ...e5, dimensions: null, contextLength: null }),
        embed: async () => [new Float32Array(5)],
      },
    });
    expect(await runNode(embeddingModel, { settings: { model: 'x' }, context: silent })).toMatchObject({
      model: { dimensions: 5, maximumTokens: 512 },
    });
  });
});
