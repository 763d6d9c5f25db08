import { expect, it } from 'vitest';
import { makeFacts, noConditions } from '../testing/decision-input.ts';
import { compareWorld } from '../testing/run-simulation.ts';
import { findCountRange } from '../testing/simulate.ts';
import { sizePlantedWorld } from '../testing/size-planted-world.ts';
import { decide } from './decide.ts';

const seeds = 400;
const arms = { a: 0, b: 0.05, c: 0 };
/** B, the better one, is the dearest. */
const facts = [makeFacts('a', 0), makeFacts('c', 60), makeFacts('b', 3_600)];

it.each(['right-wrong', 'score'] as const)('recommends the better arm, and hardly ever another: %s', (kind) => {
  const world = sizePlantedWorld(kind, arms, { wanted: 0.05, power: 0.95 });
  const counts: Record<string, number> = {};
  for (let seed = 0; seed < seeds; seed += 1) {
    const comparison = compareWorld(world, seed, 'quality');
    const { outcome } = decide({
      comparison,
      facts,
      judge: null,
      answers: { ...noConditions, smallestDifference: 0.02 },
    });
    const found = outcome.kind === 'recommended' ? outcome.arm : outcome.kind;
    counts[found] = (counts[found] ?? 0) + 1;
  }
  // Two differences have to be found, that from A and that from C, each in 95% of cases.
  expect(counts.b ?? 0).toBeGreaterThanOrEqual(findCountRange(seeds, 0.9).low);
  expect((counts.a ?? 0) + (counts.c ?? 0)).toBeLessThanOrEqual(findCountRange(seeds, 0.05).high);
});
