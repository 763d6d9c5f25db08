import { describe, expect, it } from 'vitest';
import { splitExamples } from './split-examples.ts';

const makeExamples = (groups: readonly string[], each = 2) =>
  groups.flatMap((group) =>
    Array.from({ length: each }, (_, place) => ({
      id: `${group}/${place}`,
      group,
      documents: [],
      messages: [],
      trained: [],
      passages: null,
    })),
  );
const split = async (groups: readonly string[], settings = { share: 0.2, seed: 1 }) =>
  new Map((await Array.fromAsync(splitExamples(makeExamples(groups), settings))).map((one) => [one.id, one.split]));
const names = (count: number) => Array.from({ length: count }, (_, place) => `talk ${place}`);

describe('splitExamples', () => {
  it('sets about the share aside, whole groups only', async () => {
    const splits = await split(names(1_000));
    const evaluated = [...splits].filter(([, side]) => side === 'evaluation').map(([id]) => id.split('/', 1)[0]);
    expect(evaluated.length / 2_000).toBeCloseTo(0.2, 1);
    expect(new Set(evaluated).size * 2).toBe(evaluated.length);
  });

  it('moves none when groups are added, wherever they stand', async () => {
    const before = await split(names(200));
    const after = await split([...Array.from({ length: 50 }, (_, place) => `new ${place}`), ...names(200)]);
    for (const [id, side] of before) expect(after.get(id)).toBe(side);
  });

  it('draws others by another seed', async () => {
    expect([...(await split(names(100), { share: 0.2, seed: 2 }))]).not.toEqual([...(await split(names(100)))]);
  });

  it('sets one aside even of a few, and keeps all examples', async () => {
    for (let count = 2; count < 12; count++) {
      const splits = await split(names(count), { share: 0.01, seed: 3 });
      expect(splits.size).toBe(count * 2);
      expect([...splits.values()].filter((side) => side === 'evaluation')).toHaveLength(2);
    }
  });

  it('takes nothing away from the only group, nor where none is asked for', async () => {
    expect([...(await split(['alone'], { share: 0.1, seed: 1 })).values()]).not.toContain('evaluation');
    expect([...(await split(names(50), { share: 0, seed: 1 })).values()]).not.toContain('evaluation');
  });
});
