import { expect, it } from 'vitest';
import { findNextTime } from './next-time.ts';

const after = new Date('2026-03-28T20:00:00Z');

it('reads an expression in its time zone', () => {
  expect(findNextTime({ cron: '0 3 * * *', timeZone: 'Asia/Tokyo' }, after).toISOString()).toBe(
    '2026-03-29T18:00:00.000Z',
  );
  expect(findNextTime({ cron: '30 9 * * 1', timeZone: 'Asia/Tokyo' }, after).toISOString()).toBe(
    '2026-03-30T00:30:00.000Z',
  );
});

it('keeps the hour of the place when its clocks change', () => {
  const cron = { cron: '0 4 * * *', timeZone: 'Europe/Berlin' };
  expect(findNextTime(cron, after).toISOString()).toBe('2026-03-29T02:00:00.000Z');
  expect(findNextTime(cron, new Date('2026-03-27T20:00:00Z')).toISOString()).toBe('2026-03-28T03:00:00.000Z');
});

it.each([
  [{ cron: 'every night', timeZone: 'Asia/Tokyo' }, '/cron'],
  [{ cron: '* * * * * *', timeZone: 'Asia/Tokyo' }, '/cron'],
  [{ cron: '61 3 * * *', timeZone: 'Asia/Tokyo' }, '/cron'],
  [{ cron: '0 3 30 2 *', timeZone: 'Asia/Tokyo' }, '/cron'],
  [{ cron: '0 3 * * *', timeZone: 'Tokyo' }, '/timeZone'],
])('refuses what is no time: %o', (schedule, path) => {
  expect(() => findNextTime(schedule, after)).toThrow(expect.objectContaining({ code: 'schedule-invalid', path }));
});
