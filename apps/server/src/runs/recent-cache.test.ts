import { expect, it } from 'vitest';
import { RecentCache } from './recent-cache.ts';

it('reads a value once, and lets go of the one that was used the longest ago', async () => {
  const cache = new RecentCache<string>(2);
  const reads: string[] = [];
  const find = (key: string) =>
    cache.find(key, async () => {
      reads.push(key);
      return `value of ${key}`;
    });
  expect(await find('a')).toBe('value of a');
  await find('b');
  await find('a');
  await find('c');
  expect(await find('a')).toBe('value of a');
  expect(reads).toEqual(['a', 'b', 'c']);
  await find('b');
  expect(reads).toEqual(['a', 'b', 'c', 'b']);
});

it('keeps nothing of a read that failed', async () => {
  const cache = new RecentCache<string>(2);
  await expect(cache.find('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await cache.find('a', async () => 'there')).toBe('there');
});
