import type { Metric, MetricValue } from './metric.ts';
import { findHits, rankingLimits } from './ranking.ts';

export const reciprocalRank: Metric = {
  id: 'reciprocal-rank',
  title: { en: 'Reciprocal rank (MRR)', ja: '逆順位（MRR）' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '1 / rank of the first relevant passage among the first k, 0 where there is none; its mean over the questions is MRR@k',
    ja: '上位 k 件で最初に現れる正しい箇所の順位の逆数。なければ 0。質問全体の平均が MRR@k',
  },
  limits: rankingLimits,
  source: 'Voorhees 1999, TREC-8 Question Answering Track',
};

export function scoreReciprocalRank(
  ranked: readonly string[] | null,
  relevant: readonly string[] | null,
  limit: number,
): MetricValue {
  const hits = findHits(ranked, relevant, limit);
  if ('notApplicable' in hits) return hits;
  const [first] = hits.ranks;
  return first === undefined ? 0 : 1 / first;
}
