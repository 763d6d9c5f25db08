import { expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';

it('drops what was used longest ago, once its bound is passed', () => {
  const cache = new ByteCache<string>(100);
  cache.set('a', 'A', 40);
  cache.set('b', 'B', 40);
  cache.get('a');
  cache.set('c', 'C', 40);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
  cache.set('a', 'A2', 60);
  expect([cache.get('a'), cache.get('c')]).toEqual(['A2', 'C']);
});

it('keeps the newest, however large', () => {
  const cache = new ByteCache<string>(10);
  cache.set('a', 'A', 5);
  cache.set('b', 'B', 500);
  expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'B']);
});
