import { type Metric, type MetricValue, notApplicable } from './metric.ts';

const limits = {
  en: 'Only as good as the judge: read it beside the agreement with people (kappa). No value without a judge, or where its verdict cannot be read.',
  ja: '判定モデルの質に左右されるため、人の採点との一致（κ）と合わせて見てください。判定モデルがないとき、判定が読み取れないときは値がありません。',
};

export const faithfulness: Metric = {
  id: 'faithfulness',
  title: { en: 'Faithfulness', ja: '根拠への忠実さ' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Statements of the answer that the passages support / statements of the answer',
    ja: '回答に含まれる主張のうち、検索した箇所に裏付けられるものの割合',
  },
  limits: {
    en: `${limits.en} None for an arm that does not retrieve, and for answers that state nothing.`,
    ja: `${limits.ja}検索をしない案と、何も主張していない回答にも値がありません。`,
  },
  source: 'Es et al. 2023, Ragas (arXiv:2309.15217)',
};

export const answerCorrectness: Metric = {
  id: 'answer-correctness',
  title: { en: 'Answer correctness', ja: '回答の正しさ' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '1 where the judge finds the answer right by the reference, 0.5 partly right, 0 wrong',
    ja: '模範解答に照らして正しければ 1、一部だけ正しければ 0.5、誤りなら 0（判定モデルによる）',
  },
  limits: {
    en: `${limits.en} None without a reference.`,
    ja: `${limits.ja}模範解答がなければ値はありません。`,
  },
  source: 'Zheng et al. 2023, reference-guided grading (arXiv:2306.05685)',
};

export const contextPrecision: Metric = {
  id: 'context-precision',
  title: { en: 'Context precision', ja: '検索結果の精度' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Mean of precision@rank over the ranks whose passage the judge finds useful; 0 where none is',
    ja: '判定モデルが役立つとした箇所について、その順位までの適合率を平均したもの。役立つ箇所がなければ 0',
  },
  limits: {
    en: `${limits.en} None for an arm that does not retrieve.`,
    ja: `${limits.ja}検索をしない案にも値がありません。`,
  },
  source: 'Es et al. 2023, Ragas (arXiv:2309.15217)',
};

/** What a judge says of one statement, passage or answer. */
export type YesNoVerdict = 'yes' | 'no' | 'unreadable';
export type CorrectnessVerdict = 'right' | 'partly' | 'wrong' | 'unreadable';

/** One verdict for each statement of the answer; null where the arm does not retrieve. */
export function scoreFaithfulness(supported: readonly YesNoVerdict[] | null): MetricValue {
  if (supported === null) return notApplicable('no-retrieval');
  if (supported.includes('unreadable')) return notApplicable('judge-unreadable');
  if (supported.length === 0) return notApplicable('nothing-stated');
  return supported.filter((verdict) => verdict === 'yes').length / supported.length;
}

export function scoreAnswerCorrectness(verdict: CorrectnessVerdict): MetricValue {
  switch (verdict) {
    case 'right':
      return 1;
    case 'partly':
      return 0.5;
    case 'wrong':
      return 0;
    case 'unreadable':
      return notApplicable('judge-unreadable');
  }
}

/** One verdict for each passage, best first; null where the arm does not retrieve. */
export function scoreContextPrecision(useful: readonly YesNoVerdict[] | null): MetricValue {
  if (useful === null) return notApplicable('no-retrieval');
  if (useful.includes('unreadable')) return notApplicable('judge-unreadable');
  const ranks = useful.flatMap((verdict, index) => (verdict === 'yes' ? [index + 1] : []));
  if (ranks.length === 0) return 0;
  return ranks.reduce((sum, rank, index) => sum + (index + 1) / rank, 0) / ranks.length;
}
