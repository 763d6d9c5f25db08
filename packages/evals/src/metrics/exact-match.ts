import { scoreBestReference } from './best-reference.ts';
import { type Metric, type MetricValue, notApplicable } from './metric.ts';
import { normaliseText } from './normalise-text.ts';

export const exactMatch: Metric = {
  id: 'exact-match',
  title: { en: 'Exact match', ja: '完全一致' },
  kind: 'right-wrong',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '1 where the normalised answer equals a normalised reference, else 0',
    ja: '正規化した回答が、正規化した模範解答のどれかと等しければ 1、違えば 0',
  },
  limits: {
    en: 'Counts a right answer in a whole sentence as wrong. No value without a reference.',
    ja: '文の形で正しく答えても、不正解になります。模範解答がなければ値はありません。',
  },
  source: 'Rajpurkar et al. 2016, SQuAD (arXiv:1606.05250)',
};

export function scoreExactMatch(answer: string, references: readonly string[]): MetricValue {
  const given = normaliseText(answer);
  return scoreBestReference(references, (reference) => {
    const wanted = normaliseText(reference);
    return wanted === '' ? notApplicable('no-reference') : Number(given === wanted);
  });
}
