import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markDifferences } from './mark-differences.ts';

const own = (answer: string, other: string, language: 'ja' | 'en') =>
  markDifferences(answer, other, language).flatMap(({ text, isOwn }) => (isOwn ? [text] : []));

test('a Japanese answer is compared by its words, though no space parts them', () => {
  expect(own('商品到着から8日以内です。', '商品到着から14日以内です。', 'ja')).toEqual(['8']);
  expect(own('返品を承ります。', '返品できます。', 'ja').join('')).toContain('承り');
});

test('an English answer is compared by whole words', () => {
  expect(own('You have eight days.', 'You have eighteen days.', 'en')).toEqual(['eight']);
});

test('an answer that says the same has nothing of its own', () => {
  expect(own('はい。', 'はい。', 'ja')).toEqual([]);
});

test('nothing of an answer gets lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (answer, other) => {
      const parts = markDifferences(answer, other, 'ja');
      expect(parts.map(({ text }) => text).join('')).toBe(answer);
    }),
  );
});
