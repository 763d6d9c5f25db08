import { expect, test } from 'vitest';
import { formatDifference, formatInterval, formatMoney, formatProbability, formatScore } from './format-figures.ts';
import { niceEnd } from './quality-chart.tsx';

const share = { unit: 'share' } as const;
const seconds = { unit: 'seconds' } as const;

test('shares are told of a hundred, amounts in their unit', () => {
  expect(formatScore(0.682, share, 'ja')).toBe('68.2');
  expect(formatScore(3.91, seconds, 'ja')).toBe('3.9 秒');
  expect(formatScore(2_048, { unit: 'bytes' }, 'en')).toBe('2 kB');
  expect(formatInterval({ kind: 'interval', low: 0.631, high: 0.734 }, share, 'en')).toBe('[63.1, 73.4]');
  expect(formatInterval({ kind: 'no-variation' }, share, 'en')).toBeNull();
});

test('a difference has its sign, of none where there is none', () => {
  expect(formatDifference(0.37, share, 'en')).toBe('+37.0');
  expect(formatDifference(-0.032, share, 'ja')).toBe('−3.2');
  expect(formatDifference(0, share, 'ja')).toBe('0.0');
  expect(formatDifference(-1.2, seconds, 'en')).toBe('−1.2 s');
  expect(formatInterval({ kind: 'interval', low: -0.01, high: 0.09 }, share, 'en')).toBe('[−1.0, 9.0]');
});

test('a small probability is not rounded to none, and small money is told in full', () => {
  expect(formatProbability(0.0002, 'en')).toBe('< 0.001');
  expect(formatProbability(0.0421, 'ja')).toBe('0.042');
  expect(formatMoney(0.079, '円', 'ja')).toBe('0.08 円');
  expect(formatMoney(3310, null, 'en')).toBe('3,310');
});

test('an axis ends at a round figure behind the last marker', () => {
  expect(niceEnd(3.9)).toBe(5);
  expect(niceEnd(0.21)).toBe(0.25);
  expect(niceEnd(960)).toBe(1250);
  expect(niceEnd(0)).toBe(1);
});
