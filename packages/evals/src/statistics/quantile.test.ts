import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { computeQuantile } from './quantile.ts';

describe('quantiles', () => {
  it('are those of numpy', () => {
    for (const { values, share, quantile } of reference.quantiles) {
      expect(computeQuantile(values, share), `${share} of ${values.length}`).toBeCloseTo(quantile, digits);
    }
  });

  it('are refused for no values', () => {
    expect(() => computeQuantile([], 0.5)).toThrow('No values have no quantile');
  });
});
