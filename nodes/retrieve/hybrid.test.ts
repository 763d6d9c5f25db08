import { describe, expect, it } from 'vitest';
import { createFakeSearch, emptySearch, searchCandidates, searchWith, textsOf } from '../testing/fake-search.ts';
import { hybridSearch } from './hybrid.ts';

describe('retrieve/hybrid', () => {
  it('ranks by both scores, each measured by the best candidate', async () => {
    const passages = await searchWith(hybridSearch);
    expect(textsOf(passages)).toEqual(['text 2', 'text 1', 'text 3']);
    expect(passages?.map(({ scores }) => scores)).toEqual([
      { cosine: 0.88, bm25: 9, ranking: expect.closeTo(0.9) },
      { cosine: 0.9, bm25: 0, ranking: 0.5 },
      { cosine: 0.7, bm25: 10, ranking: 0.5 },
    ]);
  });

  it.each([
    [1, ['text 1', 'text 2', 'text 3']],
    [0, ['text 3', 'text 2', 'text 1']],
  ])('with a weight of %i listens to one side alone, by scores and by ranks', async (weight, order) => {
    expect(textsOf(await searchWith(hybridSearch, { weight }))).toEqual(order);
    expect(textsOf(await searchWith(hybridSearch, { weight, fusion: 'rrf' }))).toEqual(order);
  });

  it('asks for at least as many candidates as it hands on', async () => {
    const fake = createFakeSearch();
    await searchWith(hybridSearch, { candidates: 5, limit: 20 }, 'x', fake);
    expect(fake.asked).toMatchObject([{ candidates: 20 }]);
  });

  it('finds nothing where no candidate is similar enough, whatever its words', async () => {
    expect(await searchWith(hybridSearch, { minimumCosine: 0.95 })).toBeUndefined();
    expect(await searchWith(hybridSearch, { minimumCosine: 0.9 })).toHaveLength(3);
  });

  it('takes no more than the set number from one document', async () => {
    const parts = {
      searchBoth: async () => searchCandidates.map((one, place) => ({ ...one, documentId: `d${place >> 1}` })),
    };
    const passages = await searchWith(hybridSearch, { perDocument: 1 }, 'x', createFakeSearch(parts));
    expect(textsOf(passages)).toEqual(['text 2', 'text 3']);
  });

  it('finds nothing, and asks nobody, for an empty question', async () => {
    const fake = createFakeSearch();
    expect(await searchWith(hybridSearch, {}, '　', fake)).toBeUndefined();
    expect([...fake.asked, ...fake.embedded]).toEqual([]);
  });

  it('finds nothing in an empty index', async () => {
    expect(await searchWith(hybridSearch, {}, 'x', createFakeSearch(emptySearch))).toBeUndefined();
  });
});
