import { describe, expect, it } from 'vitest';
import { scoreCharacterF1 } from './character-f1.ts';

describe('character F1', () => {
  it('weighs what is common against all of both', () => {
    // 3 characters in common, of 5 and of 3.
    expect(scoreCharacterF1('東京都です', ['東京都'])).toBe(6 / 8);
    expect(scoreCharacterF1('大阪', ['東京都'])).toBe(0);
    expect(scoreCharacterF1('', ['東京都'])).toBe(0);
  });

  it('counts a character as often as both have it', () => {
    expect(scoreCharacterF1('ああああ', ['ああ'])).toBe(4 / 6);
  });

  it('counts a character beyond the first plane once', () => {
    expect(scoreCharacterF1('𠮷野', ['𠮷田'])).toBe(2 / 4);
  });

  it('takes the best of several references', () => {
    expect(scoreCharacterF1('十二月', ['12月', '十二月'])).toBe(1);
  });

  it('has no value without a reference', () => {
    expect(scoreCharacterF1('東京都', ['。'])).toEqual({ notApplicable: 'no-reference' });
  });
});
