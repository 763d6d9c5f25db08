import { scoreBestReference } from './best-reference.ts';
import { type Metric, type MetricValue, notApplicable } from './metric.ts';
import { normaliseText, usesSpaces } from './normalise-text.ts';

export const containment: Metric = {
  id: 'containment',
  title: { en: 'Reference contained', ja: '模範解答を含む' },
  kind: 'right-wrong',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '1 where the normalised answer contains a normalised reference (as whole words where the script has spaces), else 0',
    ja: '正規化した回答が、正規化した模範解答のどれかを含めば 1（分かち書きの言語では単語単位）、含まなければ 0',
  },
  limits: {
    en: 'Favours long answers, and takes “not in Kyoto” for “Kyoto”. No value without a reference.',
    ja: '長い回答ほど有利で、「京都ではない」も「京都」を含むと数えます。模範解答がなければ値はありません。',
  },
  source: 'Mallen et al. 2023, PopQA (arXiv:2212.10511)',
};

export function scoreContainment(answer: string, references: readonly string[]): MetricValue {
  const given = normaliseText(answer);
  return scoreBestReference(references, (reference) => {
    const wanted = normaliseText(reference);
    if (wanted === '') return notApplicable('no-reference');
    return Number(usesSpaces(given) ? ` ${given} `.includes(` ${wanted} `) : given.includes(wanted));
  });
}
