import {
  type ClusterMean,
  computeInterval,
  summariseClusters,
  testClusterT,
  varies,
} from '../statistics/cluster-mean.ts';
import { confidenceLevel, fewestClusters, type Interval } from '../statistics/interval.ts';
import { notePower, type PowerNote, usualPower } from '../statistics/power.ts';
import { testSignFlips } from '../statistics/sign-flip.ts';
import { type Column, computeMean, countReasons, type Row } from './cells.ts';
import type { ComparedMetric, Difference, DifferenceTest, EffectSize } from './comparison.ts';

export type Pair = { readonly arm: string; readonly against: string };

/** Two arms in the rows in which both have a value. */
export type PairedRows = Pair & {
  readonly metric: ComparedMetric;
  readonly rows: readonly { readonly cluster: string; readonly arm: number; readonly against: number }[];
  readonly leftOut: Difference['leftOut'];
};

export type UntestedDifference = Omit<Difference, 'test' | 'shown' | 'power'> & {
  readonly summary: ClusterMean;
  /** Before Holm. */
  readonly rawTest: Omit<DifferenceTest, 'adjusted'> | null;
};

/** Every pair once: first those with the baseline, then the others in the order of the arms. */
export function listPairs(arms: readonly string[], baseline: string): readonly Pair[] {
  const others = arms.filter((arm) => arm !== baseline);
  return [
    ...others.map((arm) => ({ arm, against: baseline })),
    ...others.flatMap((against, index) => others.slice(index + 1).map((arm) => ({ arm, against }))),
  ];
}

/** One metric of all arms. */
export type Table = {
  readonly columns: ReadonlyMap<string, Column>;
  readonly rows: readonly Row[];
  readonly metric: ComparedMetric;
};

export function pairRows(pair: Pair, { columns, rows, metric }: Table): PairedRows {
  const paired: { cluster: string; arm: number; against: number }[] = [];
  const lacking: Record<'arm' | 'against', LackReason[]> = { arm: [], against: [] };
  for (const { id, cluster } of rows) {
    const [arm, against] = [columns.get(pair.arm)?.get(id), columns.get(pair.against)?.get(id)];
    if (arm?.kind === 'values' && against?.kind === 'values') {
      paired.push({ cluster, arm: arm.mean, against: against.mean });
    } else if (arm?.kind === 'none') lacking.arm.push(arm.reason);
    else if (against?.kind === 'none') lacking.against.push(against.reason);
  }
  const leftOut = (['arm', 'against'] as const).flatMap((side) =>
    countReasons(lacking[side]).map((count) => ({ ...count, arm: pair[side] })),
  );
  return { ...pair, metric, rows: paired, leftOut };
}

type LackReason = Difference['leftOut'][number]['reason'];

/** Null where the two have no row in common. */
export function measureDifference(paired: PairedRows, seed: number): UntestedDifference | null {
  const { metric, rows } = paired;
  if (rows.length === 0) return null;
  const summary = summariseClusters(rows.map(({ cluster, arm, against }) => ({ cluster, value: arm - against })));
  const interval = computeInterval(summary, findDifferenceRange(metric));
  return {
    ...{ arm: paired.arm, against: paired.against, leftOut: paired.leftOut },
    ...{ rows: summary.rows, clusters: summary.clusters, mean: summary.mean, interval, summary },
    means: { arm: computeMean(rows.map(({ arm }) => arm)), against: computeMean(rows.map(({ against }) => against)) },
    effect: measureEffect(rows, metric),
    rawTest: testDifference(summary, metric, seed),
  };
}

/** Two values within a range lie at most its width apart, in either direction. */
export function findDifferenceRange({ range: [low, high] }: ComparedMetric): readonly [number, number | null] {
  return high === null ? [-Infinity, null] : [low - high, high - low];
}

function testDifference(
  summary: ClusterMean,
  { kind }: ComparedMetric,
  seed: number,
): Omit<DifferenceTest, 'adjusted'> | null {
  if (kind === 'amount' || summary.clusters < fewestClusters) return null;
  const p = kind === 'score' ? testClusterT(summary) : null;
  return p === null ? testSignFlips(summary.sums, seed) : { method: 'cluster-t', p };
}

/** With what Holm made of the test in its family, and what comparisons of this size can see. */
export function completeDifference(
  { summary, rawTest, ...difference }: UntestedDifference,
  adjusted: number | null,
  power: { readonly wanted: number; readonly comparisons: number } | null,
): Difference {
  const test = rawTest === null || adjusted === null ? null : { ...rawTest, adjusted };
  return {
    ...difference,
    test,
    shown: test !== null && test.adjusted <= 1 - confidenceLevel && leavesZeroOut(difference.interval),
    power: power === null ? null : noteDifferencePower(summary, power),
  };
}

function leavesZeroOut(interval: Interval): boolean {
  return interval.kind === 'interval' && (interval.low > 0 || interval.high < 0);
}

function noteDifferencePower(
  summary: ClusterMean,
  { wanted, comparisons }: { readonly wanted: number; readonly comparisons: number },
): PowerNote | null {
  if (summary.clusters < fewestClusters || !varies(summary)) return null;
  return notePower(summary, { wanted, power: usualPower, level: (1 - confidenceLevel) / comparisons });
}

function measureEffect(rows: PairedRows['rows'], { better }: ComparedMetric): EffectSize {
  const gains = rows.map(({ arm, against }) => (better === 'higher' ? arm - against : against - arm));
  const differences = rows.map(({ arm, against }) => arm - against);
  const mean = computeMean(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  const deviation = rows.length < 2 ? 0 : Math.sqrt(squares / (rows.length - 1));
  return {
    standardised: deviation < 1e-12 ? null : mean / deviation,
    better: gains.filter((gain) => gain > 0).length,
    worse: gains.filter((gain) => gain < 0).length,
    equal: gains.filter((gain) => gain === 0).length,
  };
}
