import { computeInterval, summariseClusters } from '../statistics/cluster-mean.ts';
import { computeQuantile } from '../statistics/quantile.ts';
import { type Column, countReasons, type Row } from './cells.ts';
import type { ArmSummary, ComparedMetric, Estimate } from './comparison.ts';

/** Mean, quantiles and interval of one arm over the given rows; null where it has no value in any of them. */
export function estimateColumn(column: Column, rows: readonly Row[], metric: ComparedMetric): Estimate | null {
  const found = rows.flatMap(({ id, cluster }) => {
    const cell = column.get(id);
    return cell?.kind === 'values' ? [{ cluster, value: cell.mean, values: cell.values }] : [];
  });
  if (found.length === 0) return null;
  const summary = summariseClusters(found);
  const values = found.flatMap((row) => row.values);
  return {
    mean: summary.mean,
    median: computeQuantile(values, 0.5),
    p95: computeQuantile(values, 0.95),
    rows: summary.rows,
    clusters: summary.clusters,
    interval: computeInterval(summary, metric.range),
  };
}

export function summariseArms(
  columns: ReadonlyMap<string, Column>,
  rows: readonly Row[],
  metric: ComparedMetric,
): readonly ArmSummary[] {
  const having = [...columns.values()].filter((column) => rows.some(({ id }) => column.get(id)?.kind === 'values'));
  const common = rows.filter(({ id }) => having.every((column) => column.get(id)?.kind === 'values'));
  return [...columns].map(([arm, column]) => ({
    arm,
    own: estimateColumn(column, rows, metric),
    common: having.includes(column) ? estimateColumn(column, common, metric) : null,
    leftOut: countReasons(
      rows.flatMap(({ id }) => {
        const cell = column.get(id);
        return cell?.kind === 'none' ? [cell.reason] : [];
      }),
    ),
  }));
}
