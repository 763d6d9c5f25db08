import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDiskRoom } from './disk-room.ts';

const mebibyte = 1024 * 1024;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('refuses what would take the room that is kept back, and looks at the disk once a second at most', () => {
  const readFree = vi.fn(() => 100 * mebibyte);
  const room = createDiskRoom('/data', readFree);
  room.check();
  room.check(36 * mebibyte);
  expect(() => room.check(36 * mebibyte + 1)).toThrow(expect.objectContaining({ code: 'disk-full', status: 507 }));
  expect(readFree).toHaveBeenCalledTimes(1);
  readFree.mockReturnValue(63 * mebibyte);
  room.check();
  vi.advanceTimersByTime(1_001);
  expect(() => room.check()).toThrow(expect.objectContaining({ code: 'disk-full' }));
  readFree.mockReturnValue(64 * mebibyte);
  vi.advanceTimersByTime(1_001);
  room.check();
  expect(readFree.mock.calls).toEqual([['/data'], ['/data'], ['/data']]);
});

it('leaves it to the disk where nobody tells how much room there is', () => {
  expect(() => createDiskRoom('/no/such/folder').check(Number.MAX_SAFE_INTEGER)).not.toThrow();
});
