import { describe, expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['今日は良い天気です。', 8],
    ['The weather is fine today.', 8],
    ['03-1234-5678', 12],
    ['😀😀', 4],
  ])('takes %j for %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});
