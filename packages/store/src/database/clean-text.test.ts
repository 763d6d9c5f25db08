import { expect, it } from 'vitest';
import { cleanJson, cleanText } from './clean-text.ts';

it('takes out what Postgres refuses, and leaves everything else', () => {
  expect(cleanText('a\0b\ud83dc')).toBe('ab\ufffdc');
  expect(cleanText('絵文字 😀')).toBe('絵文字 😀');
  expect(cleanJson({ 'k\0': ['\0', 1, null, { x: '\udc00' }], y: true })).toEqual({
    k: ['', 1, null, { x: '\ufffd' }],
    y: true,
  });
});

it('gives back a clean value as it is', () => {
  const clean = { a: ['b', { c: 1 }], d: null };
  expect(cleanJson(clean)).toBe(clean);
});
