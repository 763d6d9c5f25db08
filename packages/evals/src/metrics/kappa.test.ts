import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { computeKappa } from './kappa.ts';

describe('kappa', () => {
  it.each(reference.kappa)('is what scikit-learn gives: $kappa', ({ first, second, kappa }) => {
    expect(computeKappa(first, second)).toBeCloseTo(kappa, digits);
  });

  it('has no value for one item, and where both raters know one label only', () => {
    expect(computeKappa(['a'], ['a'])).toEqual({ notApplicable: 'too-few' });
    expect(computeKappa(['a', 'a'], ['a', 'a'])).toEqual({ notApplicable: 'no-variation' });
  });

  it('refuses labels of different items', () => {
    expect(() => computeKappa(['a', 'b'], ['a'])).toThrow('two labels for each item, and got 2 and 1');
  });
});
