import { confidenceLevel, fewestClusters, type Interval } from './interval.ts';
import { computeTwoSidedP, findTQuantile } from './student-t.ts';

export type ClusteredValue = { readonly cluster: string; readonly value: number };

/** The mean of all rows, and how far it may be off when not rows but clusters were drawn. */
export type ClusterMean = {
  readonly mean: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly rows: number;
  readonly clusters: number;
  /** Of each cluster the sum of its values: what a flip of its sign turns. */
  readonly sums: readonly number[];
};

/**
 * Mean and cluster-robust standard error: with residuals e, G clusters and N rows,
 * SE² = G / (G − 1) · Σ_clusters (Σ e)² / N², with G − 1 degrees of freedom (Liang and Zeger 1986; as statsmodels OLS on
 * a constant with `cov_type='cluster'`). Throws RangeError for no rows.
 */
export function summariseClusters(values: readonly ClusteredValue[]): ClusterMean {
  if (values.length === 0) throw new RangeError('No rows have no mean.');
  const groups = new Map<string, { sum: number; rows: number }>();
  for (const { cluster, value } of values) {
    const group = groups.get(cluster) ?? { sum: 0, rows: 0 };
    groups.set(cluster, group);
    group.sum += value;
    group.rows += 1;
  }
  const rows = values.length;
  const clusters = groups.size;
  const mean = values.reduce((sum, { value }) => sum + value, 0) / rows;
  let squares = 0;
  for (const { sum, rows: size } of groups.values()) squares += (sum - size * mean) ** 2;
  const standardError = clusters < 2 ? 0 : Math.sqrt((clusters / (clusters - 1)) * squares) / rows;
  return {
    ...{ mean, standardError, degrees: clusters - 1, rows, clusters },
    sums: [...groups.values()].map(({ sum }) => sum),
  };
}

/**
 * The 95% interval of a mean whose rows lie within `range`. Where all clusters are equal, t would claim certainty: then
 * what is given is how far the mean may be off if the share of clusters that are different is as high as it can be
 * without one of them having been drawn in 5% of cases (the "rule of three"), each of them as different as can be.
 */
export function computeInterval(summary: ClusterMean, range: readonly [low: number, high: number | null]): Interval {
  const { mean, clusters } = summary;
  if (clusters < fewestClusters) return { kind: 'too-few-clusters', clusters, needed: fewestClusters };
  if (!varies(summary)) {
    const [lowest, highest] = range;
    if (highest === null) return { kind: 'no-variation' };
    const unseen = 1 - (1 - confidenceLevel) ** (1 / clusters);
    return { kind: 'interval', low: mean - unseen * (mean - lowest), high: mean + unseen * (highest - mean) };
  }
  const width = findTQuantile((1 + confidenceLevel) / 2, summary.degrees) * summary.standardError;
  return { kind: 'interval', low: mean - width, high: mean + width };
}

/** Two-sided, of a true mean of zero; null where all clusters are equal. */
export function testClusterT(summary: ClusterMean): number | null {
  if (!varies(summary)) return null;
  return computeTwoSidedP(summary.mean / summary.standardError, summary.degrees);
}

/** What is left of rounding is no variation. */
export function varies({ mean, standardError }: ClusterMean): boolean {
  return standardError > 1e-12 * Math.max(1, Math.abs(mean));
}
