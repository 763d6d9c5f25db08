import { expect, it } from 'vitest';
import { chooseGroup } from './merge-segments.ts';

/** Adds segments of given sizes one after the other, and merges as the index does after each. */
function grow(sizes: readonly number[]) {
  let segments: { id: number; firstChunk: number; chunks: number }[] = [];
  let written = 0;
  let next = 0;
  for (const [id, chunks] of sizes.entries()) {
    segments.push({ id, firstChunk: next, chunks });
    next += chunks;
    written += chunks;
    for (let group = chooseGroup(segments); group !== null; group = chooseGroup(segments)) {
      const start = segments.indexOf(group[0] ?? { id, firstChunk: 0, chunks: 0 });
      const merged = {
        id,
        firstChunk: group[0]?.firstChunk ?? 0,
        chunks: group.reduce((sum, each) => sum + each.chunks, 0),
      };
      segments = segments.toSpliced(start, group.length, merged);
      written += merged.chunks;
    }
  }
  return { segments, written, total: next };
}

it('keeps few segments, in order and without gaps, and writes each chunk a few times only', () => {
  for (const sizes of [
    Array.from({ length: 3_000 }, () => 5),
    Array.from({ length: 60 }, () => 4_096),
    Array.from({ length: 500 }, (_, place) => (place % 50 === 0 ? 3_000 : 1 + (place % 9))),
  ]) {
    const { segments, written, total } = grow(sizes);
    let next = 0;
    for (const segment of segments) {
      expect(segment.firstChunk).toBe(next);
      next += segment.chunks;
    }
    expect(next).toBe(total);
    expect(segments.length).toBeLessThan(40);
    expect(written / total).toBeLessThan(7);
  }
});
