import { describe, expect, it } from 'vitest';
import { compareWorld, listDifferences, measureCoverage, measureFamilyError } from '../testing/run-simulation.ts';
import { clusterSizes, findCountRange, type World } from '../testing/simulate.ts';
import { sizePlantedWorld } from '../testing/size-planted-world.ts';

const runs = 4_000;
const kinds = ['right-wrong', 'score'] as const;

/** How many rows clusters have, and how many clusters there are. */
const shapes = [
  ...[15, 30, 60, 120].map((clusters) => ['even', clusters] as const),
  ...[15, 30, 60, 120].map((clusters) => ['uneven', clusters] as const),
  ...[60, 120].map((clusters) => ['skewed', clusters] as const),
];
/** A few long conversations outweigh all others: what is known of them is less than their number says. */
const dominated = [15, 30].map((clusters) => ['skewed', clusters] as const);

function list(of: readonly (readonly ['even' | 'uneven' | 'skewed', number])[]) {
  return kinds.flatMap((kind) => of.map(([shape, clusters]) => ({ kind, shape, clusters })));
}

type Case = ReturnType<typeof list>[number];

function makeWorld({ kind, shape, clusters }: Case, arms: World['arms']): World {
  return { kind, arms, sizes: clusterSizes[shape](clusters), suiting: 0.25 };
}

describe('an interval of 95%', () => {
  it.each(list(shapes))('holds the true difference in 93.5 to 96.5% of runs: $kind, $clusters $shape', (given) => {
    const coverage = measureCoverage(makeWorld(given, { a: 0, b: 0.05 }), runs);
    expect(coverage).toBeGreaterThanOrEqual(0.935);
    expect(coverage).toBeLessThanOrEqual(0.965);
  });

  it.each(list(dominated))('is wider than it need be rather than too narrow: $kind, $clusters $shape', (given) => {
    expect(measureCoverage(makeWorld(given, { a: 0, b: 0.05 }), runs)).toBeGreaterThanOrEqual(0.935);
  });

  it.each(kinds)('would be too narrow if rows were taken for independent: %s', (kind) => {
    const world = makeWorld({ kind, shape: 'even', clusters: 60 }, { a: 0, b: 0.05 });
    expect(measureCoverage(world, runs, { naive: true })).toBeLessThan(0.85);
  });
});

describe('four arms without a difference', () => {
  const families = (['even', 'uneven', 'skewed'] as const).flatMap((shape) => [
    [shape, 15] as const,
    [shape, 60] as const,
  ]);

  it.each(list(families))('look different in at most 5.5% of runs: $kind, $clusters $shape', (given) => {
    const world = makeWorld(given, { a: 0, b: 0, c: 0, d: 0 });
    expect(measureFamilyError(world, runs)).toBeLessThanOrEqual(0.055);
  });
});

describe('arm B, 5 points better, in an experiment sized to find that in 95% of cases', () => {
  const seeds = 400;

  it.each(kinds)('is found so often, and arm C, equal, is not found: %s', (kind) => {
    const world = sizePlantedWorld(kind, { a: 0, b: 0.05, c: 0 }, { wanted: 0.05, power: 0.95 });
    let [foundB, foundC] = [0, 0];
    for (let seed = 0; seed < seeds; seed += 1) {
      const [b, c] = listDifferences(compareWorld(world, seed));
      if (b?.shown && b.mean > 0) foundB += 1;
      if (c?.shown) foundC += 1;
    }
    expect(foundB).toBeGreaterThanOrEqual(findCountRange(seeds, 0.95).low);
    expect(foundC).toBeLessThanOrEqual(findCountRange(seeds, 0.05).high);
  });
});
