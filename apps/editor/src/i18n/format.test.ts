import { expect, test } from 'vitest';
import { preferredLanguage } from '../theme/appearance.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatSmall,
  formatTime,
  formatTimeIn,
} from './format.ts';

test('times are told in the largest unit that says enough', () => {
  expect([38, 3_600, 720_000, 9_000_000].map((time) => formatDuration(time, 'ja'))).toEqual([
    '38 ms',
    '3.6 秒',
    '12 分',
    '2.5 時間',
  ]);
  expect(formatDuration(3_600, 'en')).toBe('3.6 s');
});

test('counts and sizes have separators and units', () => {
  expect(formatCount(2_846, 'ja')).toBe('2,846');
  expect(formatBytes(4_400_000_000, 'en')).toBe('4.4 GB');
  expect(formatBytes(512, 'ja')).toBe('512 B');
});

test('a loss says enough of itself, however low it is, and so does a learning rate', () => {
  expect([3.1, 1.618, 0, 0.04312].map((loss) => formatLoss(loss, 'ja'))).toEqual(['3.10', '1.62', '0.00', '0.0431']);
  expect([0.0002, 0.000123456, 0.05, 1.2345].map((value) => formatSmall(value, 'en'))).toEqual([
    '2e-4',
    '1.23e-4',
    '0.05',
    '1.23',
  ]);
});

test('today needs no date', () => {
  const now = new Date(2026, 10, 23, 12, 0);
  expect(formatTime(new Date(2026, 10, 23, 10, 42), 'ja', now)).toBe('10:42');
  expect(formatTime(new Date(2026, 10, 22, 18, 4), 'ja', now)).toBe('11/22 18:04');
});

test('the hour after midnight is the first of its day', () => {
  const now = new Date(2026, 10, 23, 12, 0);
  expect(formatTime(new Date(2026, 10, 23, 0, 5), 'en', now)).toBe('00:05');
});

test('a time is told by the clocks of its time zone', () => {
  expect(formatTimeIn('2026-11-30T15:05:00.000Z', 'ja', 'Asia/Tokyo')).toBe('12/1(火) 00:05');
  expect(formatTimeIn('2026-11-30T15:05:00.000Z', 'en', 'Europe/Berlin')).toBe('Mon, Nov 30, 16:05');
});

test('the browser’s first known language is taken, Japanese without one', () => {
  expect(preferredLanguage(['fr', 'en-GB', 'ja'])).toBe('en');
  expect(preferredLanguage(['ja-JP'])).toBe('ja');
  expect(preferredLanguage(['fr'])).toBe('ja');
});
