import type { ClusterMean } from './cluster-mean.ts';
import { fewestClusters } from './interval.ts';
import { computeNoncentralT, findTQuantile } from './student-t.ts';

/**
 * What a comparison of this size can see. Rows spread over clusters as those that were measured; the level is shared
 * among the comparisons of the family (Bonferroni, which is Holm's first step), so that the promise holds for each.
 */
export type PowerNote = {
  readonly power: number;
  /** Level of one comparison. */
  readonly level: number;
  readonly rows: number;
  readonly clusters: number;
  /** The smallest true difference that is found with this power. */
  readonly visible: number;
  /** The difference that was asked about, and how many rows and clusters would be needed to find it. */
  readonly wanted: number;
  readonly neededRows: number;
  readonly neededClusters: number;
};

/** What most studies take. */
export const usualPower = 0.8;

export type PowerQuestion = {
  readonly wanted: number;
  readonly power: number;
  /** Level of one comparison. */
  readonly level: number;
};

/**
 * The power note of a measured mean difference that varies. The spread of clusters is taken as measured: with other
 * questions it will be another, so the figures are for orientation.
 */
export function notePower(summary: ClusterMean, { wanted, power, level }: PowerQuestion): PowerNote {
  const { rows, clusters, standardError, degrees } = summary;
  const spread = standardError * Math.sqrt(clusters);
  const lacking = (difference: number) => computePower({ difference, spread, clusters, degrees, level }) - power;
  const guess = standardError * (findTQuantile(1 - level / 2, degrees) + findTQuantile(power, degrees));
  const visible = findRoot(lacking, [guess * 0.9, guess]);
  const enough = (count: number) => {
    // As uneven as those that were measured, so that they count for as much.
    const ofCount = ((degrees + 1) * count) / clusters - 1;
    return computePower({ difference: wanted, spread, clusters: count, degrees: ofCount, level }) >= power;
  };
  const neededClusters = findFirst(enough, fewestClusters);
  return {
    ...{ power, level, rows, clusters, visible, wanted, neededClusters },
    neededRows: Math.ceil((neededClusters * rows) / clusters),
  };
}

export type PowerCase = {
  readonly difference: number;
  /** Standard deviation of what one cluster adds, so that the standard error is this over √clusters. */
  readonly spread: number;
  readonly clusters: number;
  /** Clusters less one where all are of one size. */
  readonly degrees: number;
  readonly level: number;
};

/** How often a two-sided t test finds a true difference (as statsmodels `TTestPower`). */
export function computePower({ difference, spread, clusters, degrees, level }: PowerCase): number {
  const shift = (difference * Math.sqrt(clusters)) / spread;
  const edge = findTQuantile(1 - level / 2, degrees);
  return 1 - computeNoncentralT(edge, degrees, shift) + computeNoncentralT(-edge, degrees, shift);
}

/** Where a smooth function passes zero, by secants from two points near to it. */
function findRoot(evaluate: (value: number) => number, [start, next]: readonly [number, number]): number {
  let [before, at] = [start, next];
  let [valueBefore, value] = [evaluate(before), evaluate(at)];
  for (let step = 0; step < 50 && Math.abs(value) > 1e-12 && value !== valueBefore; step += 1) {
    const better = at - (value * (at - before)) / (value - valueBefore);
    [before, valueBefore, at, value] = [at, value, better, evaluate(better)];
  }
  return at;
}

/** The first whole number from `start` for which something that stays true is true. */
function findFirst(holds: (count: number) => boolean, start: number): number {
  let [low, high] = [start - 1, start];
  while (!holds(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
