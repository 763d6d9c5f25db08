import { expect, test } from 'vitest';
import { cutText, locatePassage } from './mark-place.ts';

const text = '# 返金\n\n30日以内なら返金します。申請が要ります。\n\n## 手順\n\n申請します。';
const passage = '30日以内なら返金します。申請が要ります。';
const start = text.indexOf(passage);

test('a passage is found at its offsets, elsewhere when the text has moved, and nowhere when it is gone', () => {
  const place = { start, end: start + passage.length, text: passage };
  expect(locatePassage(text, place)).toEqual({ start, end: start + passage.length });
  expect(locatePassage(`前書き\n${text}`, place)).toEqual({ start: start + 4, end: start + 4 + passage.length });
  expect(locatePassage('別の文書', place)).toBeNull();
});

test('a passage that was cut in a sample is found by what is left of it', () => {
  const place = { start, end: start + passage.length, text: '30日以内なら返金し…' };
  expect(locatePassage(text, place)).toEqual({ start, end: start + passage.length });
});

test('pieces are the whole text, with headings, passage and quote told apart', () => {
  const headings = [
    { title: '返金', start: 0 },
    { title: '手順', start: text.indexOf('## 手順') },
  ];
  const pieces = cutText(text, headings, { start, end: start + passage.length }, '申請が要ります。');
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.filter(({ mark }) => mark !== null).map(({ text: piece, mark }) => [mark, piece])).toEqual([
    ['heading', '# 返金'],
    ['passage', '30日以内なら返金します。'],
    ['quote', '申請が要ります。'],
    ['heading', '## 手順'],
  ]);
});
