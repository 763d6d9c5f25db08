import { expect, it } from 'vitest';
import { findHashes } from './find-hashes.ts';

it('finds hashes wherever a value has them, each once, and takes no longer number for one', () => {
  const [one, other] = ['a1'.repeat(32), '0f'.repeat(32)];
  const value = { index: { fingerprint: one }, files: [`sha256:${other}`, `${one}`, `${one}0`], [other]: null };
  expect(findHashes(value).toSorted()).toEqual([other, one].toSorted());
  expect(findHashes({ name: '索引' })).toEqual([]);
});
