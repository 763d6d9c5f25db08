import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { scoreChrf } from './chrf.ts';

describe('chrF', () => {
  it.each(reference.chrf)('is what sacreBLEU gives: $answer', ({ answer, references, score }) => {
    expect(scoreChrf(answer, references)).toBeCloseTo(score, digits);
  });

  it('has no value without a reference', () => {
    expect(scoreChrf('東京', [])).toEqual({ notApplicable: 'no-reference' });
    expect(scoreChrf('東京', [' '])).toEqual({ notApplicable: 'no-reference' });
  });
});
