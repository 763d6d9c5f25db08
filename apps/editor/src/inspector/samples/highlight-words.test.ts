import { expect, test } from 'vitest';
import { readWords, splitAtWords } from './highlight-words.ts';

const hits = (text: string, query: string) =>
  splitAtWords(text, readWords(query))
    .filter(({ isHit }) => isHit)
    .map((part) => part.text);

test('particles and endings are not marked, words are', () => {
  expect(hits('月の途中で解約された場合、料金は日割りで計算します。', '解約したら料金は戻りますか？')).toEqual([
    '解約',
    '料金',
  ]);
});

test('Latin words are marked whole and without regard to case', () => {
  expect(hits('SSL for a sslx domain', 'How do I get ssl?')).toEqual(['SSL']);
});

test('the parts are the text again, and know where they begin', () => {
  const text = '料金表：料金 (税込) 3.5%';
  const parts = splitAtWords(text, readWords('料金 3.5'));
  expect(parts.map((part) => part.text).join('')).toBe(text);
  for (const part of parts) expect(text.startsWith(part.text, part.start)).toBe(true);
});
