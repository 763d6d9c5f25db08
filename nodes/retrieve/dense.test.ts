import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { createFakeSearch, emptySearch, pinned, searchWith } from '../testing/fake-search.ts';
import { runNode } from '../testing/run-node.ts';
import { indexSample } from '../testing/samples.ts';
import { denseSearch } from './dense.ts';

describe('retrieve/dense', () => {
  it('embeds the normalised question with the model that made the index, and searches the pinned generation', async () => {
    const fake = createFakeSearch();
    const passages = await searchWith(denseSearch, { limit: 2 }, ' ＡＢＣの料金 ', fake);
    expect(fake.embedded).toEqual([{ model: 'multilingual-e5-small', texts: ['ABCの料金'], purpose: 'query' }]);
    expect(fake.asked).toEqual([{ at: pinned, vector: Float32Array.of(1, 0, 0), limit: 2 }]);
    expect(passages?.[0]?.scores).toEqual({ cosine: 0.9, bm25: null, ranking: 0.9 });
    expect(passages?.[0]).not.toHaveProperty('chunkId');
  });

  it('finds nothing where even the best passage is not similar enough', async () => {
    expect(await searchWith(denseSearch, { minimumCosine: 0.91 })).toBeUndefined();
    expect(await searchWith(denseSearch, { minimumCosine: 0.9 })).toHaveLength(3);
  });

  it('says so where the model now makes vectors of another length', async () => {
    const context = createFakeContext({ models: { embed: async () => [Float32Array.of(1)] } });
    const run = runNode(denseSearch, { inputs: { index: indexSample, query: 'x' }, context });
    await expect(run).rejects.toMatchObject({ code: 'model-changed' });
  });

  it('finds nothing, and asks nobody, for an empty question', async () => {
    const fake = createFakeSearch();
    expect(await searchWith(denseSearch, {}, '　', fake)).toBeUndefined();
    expect([...fake.asked, ...fake.embedded]).toEqual([]);
  });

  it('finds nothing in an empty index', async () => {
    expect(await searchWith(denseSearch, {}, 'x', createFakeSearch(emptySearch))).toBeUndefined();
  });
});
