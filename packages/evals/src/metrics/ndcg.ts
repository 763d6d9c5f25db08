import type { Metric, MetricValue } from './metric.ts';
import { findHits, rankingLimits } from './ranking.ts';

export const ndcg: Metric = {
  id: 'ndcg',
  title: { en: 'nDCG', ja: 'nDCG' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'nDCG@k: sum of 1 / log2(rank + 1) over the relevant ones among the first k, over that of the best possible order',
    ja: 'nDCG@k：上位 k 件の正しい箇所について 1 / log2(順位 + 1) を合計し、最良の並びの合計で割ったもの',
  },
  limits: rankingLimits,
  source: 'Järvelin and Kekäläinen 2002; gains of 0 and 1, as scikit-learn ndcg_score',
};

export function scoreNdcg(
  ranked: readonly string[] | null,
  relevant: readonly string[] | null,
  limit: number,
): MetricValue {
  const hits = findHits(ranked, relevant, limit);
  if ('notApplicable' in hits) return hits;
  const best = Array.from({ length: Math.min(hits.relevant, limit) }, (_, index) => index + 1);
  return sumGains(hits.ranks) / sumGains(best);
}

function sumGains(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + 1 / Math.log2(rank + 1), 0);
}
