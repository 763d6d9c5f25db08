import { computeBagF1 } from './bag-f1.ts';
import { scoreBestReference } from './best-reference.ts';
import { type Metric, type MetricValue, notApplicable } from './metric.ts';
import { normaliseText, usesSpaces } from './normalise-text.ts';

export const tokenF1: Metric = {
  id: 'token-f1',
  title: { en: 'Token F1', ja: '単語 F1' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '2PR / (P + R) over the bags of words between spaces of the normalised texts; the best reference counts',
    ja: '正規化し、空白で区切った単語の多重集合について 2PR / (P + R)。模範解答が複数あれば最も高い値',
  },
  limits: {
    en: 'For scripts with spaces; no value where the reference is Japanese, Chinese or Thai, and none without a reference. Ignores order.',
    ja: '分かち書きをする言語のための指標です。模範解答が日本語、中国語、タイ語などのとき、また模範解答がないときは値がありません。語順は見ません。',
  },
  source: 'Rajpurkar et al. 2016, SQuAD (arXiv:1606.05250)',
};

export function scoreTokenF1(answer: string, references: readonly string[]): MetricValue {
  const given = splitWords(answer);
  return scoreBestReference(references, (reference) => {
    const wanted = splitWords(reference);
    if (wanted.length === 0) return notApplicable('no-reference');
    if (!usesSpaces(reference)) return notApplicable('script-without-spaces');
    return computeBagF1(given, wanted);
  });
}

function splitWords(text: string): readonly string[] {
  const normalised = normaliseText(text);
  return normalised === '' ? [] : normalised.split(' ');
}
