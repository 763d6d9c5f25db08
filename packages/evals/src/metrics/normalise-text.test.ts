import { describe, expect, it } from 'vitest';
import { normaliseText, usesSpaces } from './normalise-text.ts';

describe('normalised texts', () => {
  it.each([
    ['ﾄｳｷｮｳ　ﾀﾜｰ', 'トウキョウタワー'],
    ['「東京タワー」です。', '東京タワーです'],
    ['１２，３４５円（税込）', '12345円税込'],
    ['①番 と ② 番', '1番と2番'],
    ['か\u3099', 'が'],
    ['東京 Tower', '東京tower'],
  ])('are the same for the ways in which Japanese is written: %s', (text, normalised) => {
    expect(normaliseText(text)).toBe(normalised);
  });

  it.each([
    ['The quick,  brown\nFOX!', 'quick brown fox'],
    ["It's state-of-the-art", 'its stateoftheart'],
    ['  ', ''],
    ['…。！', ''],
  ])('are the same for case, marks, articles and white space: %s', (text, normalised) => {
    expect(normaliseText(text)).toBe(normalised);
  });

  it.each([
    ['3.14', '3.14'],
    ['31.4.', '31.4'],
    ['1,234,567.5 yen', '1234567.5 yen'],
    ['1,2,3', '123'],
    ['v1.2.3', 'v1.2.3'],
  ])('keep the value of figures: %s', (text, normalised) => {
    expect(normaliseText(text)).toBe(normalised);
  });

  it('keep an article that is the whole answer, and letters that only look like one', () => {
    expect(normaliseText('A')).toBe('a');
    expect(normaliseText('ビタミンAの量')).toBe('ビタミンaの量');
  });

  it('do not change when normalised again', () => {
    for (const text of ['「１，０００」円 The ㌢', 'ﾊﾟ ー a the b', 'x . y']) {
      expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
    }
  });
});

describe('whether words can be told by spaces', () => {
  it.each([
    ['Where is Kyoto?', true],
    ['NHK', true],
    ['2026', true],
    ['', true],
    ['京都はどこですか', false],
    ['AI を使う', false],
    ['ประเทศไทย', false],
    ['한국어 문장', true],
  ])('%s: %s', (text, expected) => {
    expect(usesSpaces(text)).toBe(expected);
  });
});
