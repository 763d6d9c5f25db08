import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPostings, PostingsWriter, unpackPostings } from './postings.ts';

const runs = fc.array(
  fc.array(fc.tuple(fc.integer({ min: 1, max: 1 << 24 }), fc.integer({ min: 1, max: 100_000 })), {
    minLength: 1,
    maxLength: 40,
  }),
  { minLength: 1, maxLength: 4 },
);

it('gives back what was packed, also of runs put one after the other, up to a bound', () => {
  fc.assert(
    fc.property(runs, fc.double({ min: 0, max: 1.1, noNaN: true }), (steps, share) => {
      let id = -1;
      const expected: [number, number][] = [];
      const packed = steps.map((run) => {
        const writer = new PostingsWriter();
        for (const [step, frequency] of run) {
          id = Math.min(id + step, (1 << 30) - 1);
          if (expected.at(-1)?.[0] === id) continue;
          writer.add(id, frequency);
          expected.push([id, frequency]);
        }
        return writer.pack();
      });
      const bound = Math.floor((id + 1) * share);
      const postings = createPostings();
      unpackPostings(Buffer.concat(packed), bound, postings);
      const unpacked = Array.from({ length: postings.count }, (_, place) => [
        postings.ids[place],
        postings.frequencies[place],
      ]);
      expect(unpacked).toEqual(expected.filter(([each]) => each < bound));
    }),
  );
});
