import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ComparedMetric, MeasuredAnswer } from '../comparison/comparison.ts';

/** A number from 0 up to 1, another one each time. */
export type Chance = () => number;

export function createChance(seed: number): Chance {
  const random = xoroshiro128plus(seed);
  // The first values of close seeds are alike.
  for (let skipped = 0; skipped < 20; skipped += 1) random.next();
  return () => uniformFloat64(random);
}

/** How many rows each cluster has. */
export const clusterSizes = {
  /** As the example: 60 clusters of 5. */
  even: (clusters: number) => Array.from({ length: clusters }, () => 5),
  /** As the questions of JaQuAD: one to five on a passage. */
  uneven: (clusters: number) => Array.from({ length: clusters }, (_, index) => 1 + (index % 5)),
  /** Long conversations among short ones: every tenth has 12. */
  skewed: (clusters: number) => Array.from({ length: clusters }, (_, index) => (index % 10 === 0 ? 12 : 2)),
} as const;

export type World = {
  readonly kind: 'right-wrong' | 'score';
  readonly sizes: readonly number[];
  /** For each arm, by how much its expected value lies above that of the question. */
  readonly arms: Readonly<Record<string, number>>;
  /** By how much a cluster suits an arm or does not: what makes its rows depend on each other. */
  readonly suiting: number;
};

export const metric: Readonly<Record<World['kind'], ComparedMetric>> = {
  'right-wrong': { id: 'quality', kind: 'right-wrong', unit: 'share', better: 'higher', range: [0, 1] },
  score: { id: 'quality', kind: 'score', unit: 'share', better: 'higher', range: [0, 1] },
};

/**
 * Answers of arms whose true differences are known. Questions of a cluster are hard or easy together, and each arm does
 * better with half of the clusters than with the others.
 */
export function simulateAnswers({ kind, sizes, arms, suiting }: World, chance: Chance): readonly MeasuredAnswer[] {
  return sizes.flatMap((size, cluster) => {
    const ease = 0.3 + 0.3 * chance();
    const expectations = Object.entries(arms).map(([arm, lift]) => ({
      arm,
      expected: ease + lift + (chance() < 0.5 ? suiting : -suiting),
    }));
    return Array.from({ length: size }, (_, row) => {
      const luck = chance();
      const noise = 0.1 * (chance() - 0.5);
      return expectations.map(({ arm, expected }): MeasuredAnswer => {
        const own = chance() < 0.5 ? luck : chance();
        const value = kind === 'right-wrong' ? Number(own < expected) : expected + noise + 0.3 * (own - 0.5);
        return {
          ...{ row: `${cluster}-${row}`, cluster: `${cluster}`, arm, repetition: 0 },
          outcome: { kind: 'measured', metrics: { quality: value } },
        };
      });
    }).flat();
  });
}

/** How many of so many cases come up in all but one of a thousand runs, if each does with this chance. */
export function findCountRange(cases: number, chance: number): { readonly low: number; readonly high: number } {
  const width = 3.29 * Math.sqrt(cases * chance * (1 - chance));
  return { low: Math.floor(cases * chance - width), high: Math.ceil(cases * chance + width) };
}
