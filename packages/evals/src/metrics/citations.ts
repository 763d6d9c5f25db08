import { type Metric, type MetricValue, notApplicable } from './metric.ts';

const limits = {
  en: 'Compares with the sources that are known to hold the answer: another source that holds it too counts as wrong. No value where the arm does not retrieve, and where those sources are not known or do not exist.',
  ja: '回答が載っていると登録された出典と比べます。ほかにも載っている出典があっても、誤りと数えます。検索をしない案、出典がわからない質問、回答が文書にない質問では値がありません。',
};
const source = 'After Gao et al. 2023, ALCE (arXiv:2305.14627), with known sources in place of entailment';

export const citationPrecision: Metric = {
  id: 'citation-precision',
  title: { en: 'Citation precision', ja: '引用の適合率' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Cited sources that hold the answer / cited sources',
    ja: '引用した出典のうち、回答が載っているものの割合',
  },
  limits: {
    en: `${limits.en} None where nothing is cited.`,
    ja: `${limits.ja}何も引用しなかった回答にも値がありません。`,
  },
  source,
};

export const citationRecall: Metric = {
  id: 'citation-recall',
  title: { en: 'Citation recall', ja: '引用の再現率' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Cited sources that hold the answer / sources that hold the answer',
    ja: '回答が載っている出典のうち、引用したものの割合',
  },
  limits,
  source,
};

/** `cited` is null where the arm does not retrieve, so that it has nothing to cite. */
export function scoreCitationPrecision(
  cited: readonly string[] | null,
  relevant: readonly string[] | null,
): MetricValue {
  return scoreCitations(cited, relevant, (hits, all) => (all === 0 ? notApplicable('nothing-cited') : hits / all));
}

export function scoreCitationRecall(cited: readonly string[] | null, relevant: readonly string[] | null): MetricValue {
  return scoreCitations(cited, relevant, (hits, _, wanted) => hits / wanted);
}

function scoreCitations(
  cited: readonly string[] | null,
  relevant: readonly string[] | null,
  score: (hits: number, cited: number, relevant: number) => MetricValue,
): MetricValue {
  if (cited === null) return notApplicable('no-retrieval');
  if (relevant === null) return notApplicable('no-passages-known');
  const [named, wanted] = [new Set(cited), new Set(relevant)];
  if (wanted.size === 0) return notApplicable('answer-not-in-documents');
  return score(named.intersection(wanted).size, named.size, wanted.size);
}
