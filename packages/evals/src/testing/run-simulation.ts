import { compareArms } from '../comparison/compare-arms.ts';
import type { Comparison, Difference, MeasuredAnswer } from '../comparison/comparison.ts';
import { createChance, metric, simulateAnswers, type World } from './simulate.ts';

/** `primary` is the metric or nothing: then all pairs are a family just so, and no time goes into power notes. */
type Options = { readonly seed: number; readonly primary: 'quality' | '' };

function compareAnswers(world: World, answers: readonly MeasuredAnswer[], options: Options): Comparison {
  const arms = Object.keys(world.arms);
  const [baseline = ''] = arms;
  return compareArms({ answers, arms, baseline, metrics: [metric[world.kind]], smallestDifference: 0.05, ...options });
}

export function compareWorld(world: World, seed: number, primary: Options['primary'] = ''): Comparison {
  return compareAnswers(world, simulateAnswers(world, createChance(seed)), { seed, primary });
}

export function listDifferences({ metrics }: Comparison): readonly Difference[] {
  return metrics.flatMap(({ differences }) => differences);
}

/**
 * The share of runs in which the interval of the first difference holds the true one. `naive` takes every row for a
 * cluster of its own.
 */
export function measureCoverage(world: World, runs: number, { naive = false } = {}): number {
  const [against = 0, arm = 0] = Object.values(world.arms);
  let covered = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const answers = simulateAnswers(world, createChance(seed));
    const rows = naive ? answers.map((answer) => ({ ...answer, cluster: answer.row })) : answers;
    const [difference] = listDifferences(compareAnswers(world, rows, { seed, primary: '' }));
    const interval = difference?.interval;
    if (interval?.kind !== 'interval') throw new Error(`Run ${seed} has no interval.`);
    if (interval.low <= arm - against && arm - against <= interval.high) covered += 1;
  }
  return covered / runs;
}

/** The share of runs in which any difference is shown. */
export function measureFamilyError(world: World, runs: number): number {
  let found = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    if (listDifferences(compareWorld(world, seed)).some(({ shown }) => shown)) found += 1;
  }
  return found / runs;
}
