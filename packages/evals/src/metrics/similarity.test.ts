import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { scoreSimilarity } from './similarity.ts';

describe('semantic similarity', () => {
  it.each(reference.similarity)('is the cosine that scipy gives: $similarity', ({ first, second, similarity }) => {
    expect(scoreSimilarity(first, second)).toBeCloseTo(similarity, digits);
    expect(scoreSimilarity(Float64Array.from(first), second)).toBeCloseTo(similarity, digits);
  });

  it('has no value for a vector without a direction', () => {
    expect(scoreSimilarity([0, 0], [1, 0])).toEqual({ notApplicable: 'zero-vector' });
  });

  it('refuses vectors of different models', () => {
    expect(() => scoreSimilarity([1, 0, 0], [1, 0])).toThrow('embed answer and reference by one model');
  });
});
