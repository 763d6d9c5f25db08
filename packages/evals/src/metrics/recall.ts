import type { Metric, MetricValue } from './metric.ts';
import { findHits, rankingLimits } from './ranking.ts';

export const recall: Metric = {
  id: 'recall',
  title: { en: 'Retrieval recall', ja: '検索の再現率' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Recall@k: relevant sources among the first k passages / relevant sources',
    ja: 'Recall@k：上位 k 件に含まれる正しい出典の数 / 正しい出典の数',
  },
  limits: rankingLimits,
  source: 'Manning, Raghavan and Schütze 2008, Introduction to Information Retrieval, ch. 8',
};

export function scoreRecall(
  ranked: readonly string[] | null,
  relevant: readonly string[] | null,
  limit: number,
): MetricValue {
  const hits = findHits(ranked, relevant, limit);
  return 'notApplicable' in hits ? hits : hits.ranks.length / hits.relevant;
}
