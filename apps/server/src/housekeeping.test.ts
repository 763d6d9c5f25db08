import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startHousekeeping } from './housekeeping.ts';
import { createLog } from './http/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('interrupts the chore that it is at when it is stopped, and begins no other', async () => {
  const done: string[] = [];
  const chores = [
    {
      name: 'long',
      run: (signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    },
    { name: 'next', run: async () => done.push('next') },
  ];
  const housekeeping = startHousekeeping(chores, await createLog('silent'));
  await vi.advanceTimersByTimeAsync(3_600_000);
  await housekeeping.stop();
  expect(done).toEqual([]);
});

it('does every chore each hour, also after one has failed, until it is stopped', async () => {
  const done: string[] = [];
  const chores = [
    { name: 'broken', run: () => Promise.reject(new Error('away')) },
    { name: 'fine', run: async () => done.push('fine') },
  ];
  const housekeeping = startHousekeeping(chores, await createLog('silent'));
  await vi.advanceTimersByTimeAsync(3_599_999);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(3_600_001);
  expect(done).toEqual(['fine', 'fine']);
  await housekeeping.stop();
  await vi.advanceTimersByTimeAsync(7_200_000);
  expect(done).toHaveLength(2);
});
