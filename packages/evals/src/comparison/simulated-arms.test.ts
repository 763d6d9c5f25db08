import { describe, expect, it } from 'vitest';
import { compareWorld, listDifferences, measureCoverage, measureFamilyError } from '../testing/run-simulation.ts';
import { clusterSizes, findCountRange, type World } from '../testing/simulate.ts';
import { sizePlantedWorld } from '../testing/size-planted-world.ts';

/** The same at length, and within the bounds that were promised, in simulated-arms.long.test.ts. */
const runs = 200;
const kinds = ['right-wrong', 'score'] as const;

describe('simulated arms', () => {
  it.each(kinds)('have intervals that hold the true difference as often as they say: %s', (kind) => {
    const world: World = { kind, sizes: clusterSizes.uneven(30), arms: { a: 0, b: 0.05 }, suiting: 0.25 };
    expect(measureCoverage(world, runs) * runs).toBeGreaterThanOrEqual(findCountRange(runs, 0.95).low);
    expect(measureCoverage(world, runs, { naive: true }) * runs).toBeLessThan(findCountRange(runs, 0.95).low);
  });

  it.each(kinds)('without a difference seldom look different: %s', (kind) => {
    const world: World = { kind, sizes: clusterSizes.even(20), arms: { a: 0, b: 0, c: 0 }, suiting: 0.25 };
    expect(measureFamilyError(world, runs) * runs).toBeLessThanOrEqual(findCountRange(runs, 0.05).high);
  });

  it('with a planted difference are told apart, and equal ones are not', () => {
    const seeds = 40;
    const world = sizePlantedWorld('score', { a: 0, b: 0.05, c: 0 }, { wanted: 0.05, power: 0.95 });
    const found = Array.from({ length: seeds }, (_, seed) => listDifferences(compareWorld(world, seed)));
    expect(found.filter(([b]) => b?.shown && b.mean > 0).length).toBeGreaterThanOrEqual(
      findCountRange(seeds, 0.95).low,
    );
    expect(found.filter(([, c]) => c?.shown).length).toBeLessThanOrEqual(findCountRange(seeds, 0.05).high);
  });
});
