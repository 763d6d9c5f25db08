import { describe, expect, it } from 'vitest';
import { scoreExactMatch } from './exact-match.ts';

describe('exact match', () => {
  it('is 1 for what reads the same, and 0 for more or less than that', () => {
    expect(scoreExactMatch('「東京都」。', ['東京都'])).toBe(1);
    expect(scoreExactMatch('The Beatles', ['beatles'])).toBe(1);
    expect(scoreExactMatch('東京都です', ['東京都'])).toBe(0);
    expect(scoreExactMatch('', ['東京都'])).toBe(0);
  });

  it('takes any of several references', () => {
    expect(scoreExactMatch('12 月', ['十二月', '12月'])).toBe(1);
  });

  it('has no value without a reference that says something', () => {
    expect(scoreExactMatch('東京都', [])).toEqual({ notApplicable: 'no-reference' });
    expect(scoreExactMatch('', ['…'])).toEqual({ notApplicable: 'no-reference' });
  });
});
