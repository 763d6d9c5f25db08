import { describe, expect, it } from 'vitest';
import { DuplicateFinder } from './find-duplicates.ts';

/** Sentences without end, always the same ones. */
function makeText(seed: number, length: number): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(0x3042 + ((state >>> 16) % 80));
  }
  return text;
}

/** Jaccard of pieces of four characters, counted. */
function compare(one: string, other: string): number {
  const pieces = (text: string) => new Set(Array.from({ length: text.length - 3 }, (_, at) => text.slice(at, at + 4)));
  const [left, right] = [pieces(one), pieces(other)];
  return left.intersection(right).size / left.union(right).size;
}

describe('DuplicateFinder', () => {
  it('takes case, width, spaces and signs for no difference', () => {
    const finder = new DuplicateFinder(1);
    expect(finder.add('a', '送料は、５００円です。ABC')).toBeNull();
    expect(finder.add('b', '送料は500円です abc！')).toEqual({ kind: 'exact', of: 'a' });
    expect(finder.add('c', '送料は501円です abc')).toBeNull();
  });

  it('finds what is nearly the same, and leaves alone what only resembles it', () => {
    const finder = new DuplicateFinder(0.85);
    const text = makeText(1, 400);
    const near = `${text.slice(0, 200)}違う${text.slice(202)}`;
    const half = text.slice(0, 200) + makeText(2, 200);
    expect(compare(text, near)).toBeGreaterThan(0.9);
    expect(compare(text, half)).toBeLessThan(0.6);
    expect(finder.add('text', text)).toBeNull();
    expect(finder.add('half', half)).toBeNull();
    expect(finder.add('near', near)).toEqual({ kind: 'near', of: 'text' });
  });

  it('tells pairs above the threshold from those below it, as the counted index does', () => {
    let found = 0;
    let wrong = 0;
    const pairs = 200;
    for (let seed = 1; seed <= pairs; seed++) {
      const text = makeText(seed * 7, 300);
      // 6 changed characters of 300 leave an index of about 0.85 to 0.93, 90 leave less than 0.7.
      const alike = seed % 2 === 0;
      const changed = alike
        ? `${text.slice(0, 150)}${makeText(seed + 1_000, 4)}${text.slice(154)}`
        : text.slice(0, 210) + makeText(seed + 2_000, 90);
      const finder = new DuplicateFinder(0.8);
      finder.add('one', text);
      const isFound = finder.add('other', changed) !== null;
      expect(compare(text, changed) > 0.8).toBe(alike);
      if (isFound && alike) found += 1;
      if (isFound && !alike) wrong += 1;
    }
    expect(found).toBeGreaterThanOrEqual((pairs / 2) * 0.97);
    expect(wrong).toBeLessThanOrEqual((pairs / 2) * 0.03);
  });

  it('compares short texts as a whole', () => {
    const finder = new DuplicateFinder(0.5);
    expect(finder.add('a', 'ありがとうございます')).toBeNull();
    expect(finder.add('b', 'ありがとうございました')).toBeNull();
  });
});
