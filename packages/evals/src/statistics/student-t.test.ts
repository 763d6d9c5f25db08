import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { computeNoncentralT, computeTwoSidedP, findTQuantile } from './student-t.ts';

describe("Student's t", () => {
  it('has the quantiles that scipy gives', () => {
    for (const { share, degrees, t } of reference.tQuantiles) {
      expect(findTQuantile(share, degrees), `${share} of ${degrees}`).toBeCloseTo(t, digits);
    }
  });

  it('has the tails that scipy gives', () => {
    for (const { t, degrees, p } of reference.tTails) {
      expect(computeTwoSidedP(t, degrees), `${t} of ${degrees}`).toBeCloseTo(p, digits);
    }
  });
});

describe('the noncentral t', () => {
  it('lies where scipy has it', () => {
    for (const { t, degrees, shift, below } of reference.noncentralT) {
      expect(computeNoncentralT(t, degrees, shift), `${t} of ${degrees}, ${shift}`).toBeCloseTo(below, digits);
    }
  });
});
