import { describe, expect, it } from 'vitest';
import { compareWorld, listDifferences, measureCoverage, measureFamilyError } from '../testing/run-simulation.ts';
import { clusterSizes, findCountRange, type World } from '../testing/simulate.ts';
import { sizePlantedWorld } from '../testing/size-planted-world.ts';

const runs = 4_000;
const kinds = ['right-wrong', 'score'] as const;
const shapes = ['even', 'uneven', 'skewed'] as const;
const counts = [15, 20, 30, 60, 120];

const cases = kinds.flatMap((kind) => shapes.flatMap((shape) => counts.map((clusters) => ({ kind, shape, clusters }))));

describe('an interval of 95%', () => {
  it.each(cases)('holds the true difference in 93.5 to 96.5% of runs: $kind, $clusters $shape clusters', (world) => {
    const sizes = clusterSizes[world.shape](world.clusters);
    const coverage = measureCoverage({ kind: world.kind, sizes, arms: { a: 0, b: 0.05 }, suiting: 0.25 }, runs);
    expect(coverage).toBeGreaterThanOrEqual(0.935);
    expect(coverage).toBeLessThanOrEqual(0.965);
  });

  it.each(kinds)('would be too narrow if rows were taken for independent: %s', (kind) => {
    const world: World = { kind, sizes: clusterSizes.even(60), arms: { a: 0, b: 0 }, suiting: 0.25 };
    expect(measureCoverage(world, runs, { naive: true })).toBeLessThan(0.85);
  });
});

describe('four arms without a difference', () => {
  it.each(cases)('look different in at most 5.5% of runs: $kind, $clusters $shape clusters', (world) => {
    const sizes = clusterSizes[world.shape](world.clusters);
    const arms = { a: 0, b: 0, c: 0, d: 0 };
    expect(measureFamilyError({ kind: world.kind, sizes, arms, suiting: 0.25 }, runs)).toBeLessThanOrEqual(0.055);
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
