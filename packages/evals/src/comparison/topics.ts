import { computeInterval, summariseClusters } from '../statistics/cluster-mean.ts';
import type { Column, Row } from './cells.ts';
import type { ComparedMetric, TopicDifference, TopicSummary } from './comparison.ts';
import { findDifferenceRange, listPairs, pairRows } from './differences.ts';
import { estimateColumn } from './estimate.ts';

/** For each topic, in the order in which they come: the arms, and their differences from the baseline. */
export function summariseTopics(
  columns: ReadonlyMap<string, Column>,
  rows: readonly Row[],
  { metric, baseline }: { readonly metric: ComparedMetric; readonly baseline: string },
): readonly TopicSummary[] {
  const topics = new Set(rows.flatMap(({ topic }) => (topic === null ? [] : [topic])));
  return [...topics].map((topic) => {
    const ofTopic = rows.filter((row) => row.topic === topic);
    const pairs = listPairs([...columns.keys()], baseline).filter(({ against }) => against === baseline);
    return {
      topic,
      arms: [...columns].map(([arm, column]) => ({ arm, estimate: estimateColumn(column, ofTopic, metric) })),
      differences: pairs.flatMap((pair) => measureTopic(pairRows(pair, { columns, rows: ofTopic, metric })) ?? []),
    };
  });
}

function measureTopic({ arm, against, rows, metric }: ReturnType<typeof pairRows>): TopicDifference | null {
  if (rows.length === 0) return null;
  const summary = summariseClusters(rows.map((row) => ({ cluster: row.cluster, value: row.arm - row.against })));
  const interval = computeInterval(summary, findDifferenceRange(metric));
  return { arm, against, rows: summary.rows, clusters: summary.clusters, mean: summary.mean, interval };
}
