import { describe, expect, it } from 'vitest';
import { createFakeSearch, emptySearch, pinned, searchWith } from '../testing/fake-search.ts';
import { lexicalSearch } from './lexical.ts';

describe('retrieve/lexical', () => {
  it('needs no model', async () => {
    const fake = createFakeSearch();
    const passages = await searchWith(lexicalSearch, { limit: 3 }, 'Ｅ－１２', fake);
    expect(fake.embedded).toEqual([]);
    expect(fake.asked).toEqual([{ at: pinned, text: 'E-12', limit: 3 }]);
    expect(passages?.[1]?.scores).toEqual({ cosine: null, bm25: 0.8, ranking: 0.8 });
  });

  it('finds nothing where even the best passage scores too low', async () => {
    expect(await searchWith(lexicalSearch, { minimumBm25: 1 })).toBeUndefined();
  });

  it('finds nothing, and asks nobody, for an empty question', async () => {
    const fake = createFakeSearch();
    expect(await searchWith(lexicalSearch, {}, '　', fake)).toBeUndefined();
    expect([...fake.asked, ...fake.embedded]).toEqual([]);
  });

  it('finds nothing in an empty index', async () => {
    expect(await searchWith(lexicalSearch, {}, 'x', createFakeSearch(emptySearch))).toBeUndefined();
  });
});
