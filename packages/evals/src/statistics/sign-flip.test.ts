import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { testSignFlips } from './sign-flip.ts';

describe('flipping signs', () => {
  it.each(reference.signFlips)('gives what scipy finds by trying all flips: $p', ({ sums, p }) => {
    const found = testSignFlips(sums, 1);
    expect(found.method).toBe('sign-flip-exact');
    expect(found.p).toBeCloseTo(p, digits);
  });

  it.each(reference.discordant)('of single rows is the exact test of McNemar: $better to $worse', (counts) => {
    const sums = [
      ...Array.from({ length: counts.better }, () => 1),
      ...Array.from({ length: counts.worse }, () => -1),
      ...Array.from({ length: counts.equal }, () => 0),
    ];
    const found = testSignFlips(sums, 1);
    expect(found.method).toBe('sign-flip-exact');
    expect(found.p).toBeCloseTo(counts.p, digits);
  });

  it('is exact for many clusters of rights and wrongs, repeated or not', () => {
    const repeated = Array.from({ length: 300 }, (_, index) => ((index * 7) % 11) / 3 - 1.5);
    expect(testSignFlips(repeated, 1).method).toBe('sign-flip-exact');
  });

  it('draws where there are too many sums, the same for the same seed, and close to what is exact', () => {
    const scores = Array.from({ length: 40 }, (_, index) => Math.sin(index * 12.9898) + 0.25);
    const found = testSignFlips(scores, 1);
    expect(found.method).toBe('sign-flip-sampled');
    expect(testSignFlips(scores, 1)).toEqual(found);
    expect(testSignFlips(scores, 2).p).not.toBe(found.p);
    // The same on a coarser grid can be enumerated.
    const coarse = testSignFlips(
      scores.map((score) => Math.round(score * 1_000) / 1_000),
      1,
    );
    expect(coarse.method).toBe('sign-flip-exact');
    expect(found.p).toBeCloseTo(coarse.p, 2);
  });

  it('finds nothing where nothing differs', () => {
    expect(testSignFlips([0, 0, 0], 1)).toEqual({ method: 'sign-flip-exact', p: 1 });
    expect(testSignFlips([], 1).p).toBe(1);
  });

  it('never finds more in few clusters than all of their flips can show', () => {
    expect(testSignFlips([1, 1, 1, 1], 1).p).toBe(2 / 16);
  });
});
