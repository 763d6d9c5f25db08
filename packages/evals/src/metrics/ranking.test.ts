import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { scoreNdcg } from './ndcg.ts';
import { scoreRecall } from './recall.ts';
import { scoreReciprocalRank } from './reciprocal-rank.ts';

const metrics = [
  ['recall', scoreRecall],
  ['reciprocal rank', scoreReciprocalRank],
  ['nDCG', scoreNdcg],
] as const;

describe('recall at k', () => {
  it('is the share of the relevant sources among the first k', () => {
    expect(scoreRecall(['x', 'a', 'b', 'y'], ['a', 'b', 'c'], 3)).toBe(2 / 3);
    expect(scoreRecall(['x', 'a', 'b', 'y'], ['a', 'b', 'c'], 2)).toBe(1 / 3);
  });
});

describe('reciprocal rank', () => {
  it('goes by the first that is relevant, within the first k', () => {
    expect(scoreReciprocalRank(['x', 'y', 'a', 'b'], ['b', 'a'], 10)).toBe(1 / 3);
    expect(scoreReciprocalRank(['x', 'y', 'a'], ['a'], 2)).toBe(0);
  });
});

describe('nDCG', () => {
  it.each(reference.ranking)(
    'is what scikit-learn gives: $relevant in $ranked',
    ({ ranked, relevant, limit, ndcg }) => {
      expect(scoreNdcg(ranked, relevant, limit)).toBeCloseTo(ndcg, digits);
    },
  );
});

describe.each(metrics)('of all ranking metrics, %s', (_, score) => {
  it('counts several passages of one source once', () => {
    expect(score(['a', 'a', 'a', 'b'], ['a', 'b'], 3)).toBe(score(['a', 'x', 'y', 'b'], ['a', 'b'], 3));
    expect(score(['a', 'a'], ['a'], 5)).toBe(1);
  });

  it('is 0 where retrieval found nothing', () => {
    expect(score([], ['a'], 5)).toBe(0);
  });

  it('has no value without retrieval, without known passages, and where nothing holds the answer', () => {
    expect(score(null, ['a'], 5)).toEqual({ notApplicable: 'no-retrieval' });
    expect(score(['a'], null, 5)).toEqual({ notApplicable: 'no-passages-known' });
    expect(score(['a'], [], 5)).toEqual({ notApplicable: 'answer-not-in-documents' });
  });
});
