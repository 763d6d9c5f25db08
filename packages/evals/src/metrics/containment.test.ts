import { describe, expect, it } from 'vitest';
import { scoreContainment } from './containment.ts';

describe('containment', () => {
  it('finds a reference within a sentence', () => {
    expect(scoreContainment('ベルはスコットランドで生まれました。', ['スコットランド'])).toBe(1);
    expect(scoreContainment('He was born in Scotland, in 1847.', ['1847'])).toBe(1);
    expect(scoreContainment('英国です。', ['スコットランド'])).toBe(0);
  });

  it('takes whole words only where words are told by spaces', () => {
    expect(scoreContainment('It is an artifice.', ['art'])).toBe(0);
    expect(scoreContainment('It is art.', ['art'])).toBe(1);
  });

  it('has no value without a reference', () => {
    expect(scoreContainment('英国です。', [])).toEqual({ notApplicable: 'no-reference' });
  });
});
