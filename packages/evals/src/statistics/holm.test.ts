import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { adjustHolm } from './holm.ts';

describe('p values after Holm', () => {
  it.each(reference.holm)('are those of statsmodels: $p', ({ p, adjusted }) => {
    for (const [index, value] of adjustHolm(p).entries()) expect(value).toBeCloseTo(adjusted[index] ?? -1, digits);
  });

  it('are none for an empty family', () => {
    expect(adjustHolm([])).toEqual([]);
  });
});
