import { computeBagF1 } from './bag-f1.ts';
import { scoreBestReference } from './best-reference.ts';
import { type Metric, type MetricValue, notApplicable } from './metric.ts';
import { normaliseText } from './normalise-text.ts';

export const characterF1: Metric = {
  id: 'character-f1',
  title: { en: 'Character F1', ja: '文字 F1' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: '2PR / (P + R) over the bags of characters of the normalised texts, white space left out; the best reference counts',
    ja: '正規化して空白を除いた文字の多重集合について 2PR / (P + R)。模範解答が複数あれば最も高い値',
  },
  limits: {
    en: 'For Japanese and other scripts without spaces: any two English texts share most of their letters. Ignores order. No value without a reference.',
    ja: '日本語など分かち書きをしない言語のための指標です。英語では、無関係な文でも文字の多くが重なります。語順は見ません。模範解答がなければ値はありません。',
  },
  source: 'So et al. 2022, JaQuAD (arXiv:2202.01764)',
};

export function scoreCharacterF1(answer: string, references: readonly string[]): MetricValue {
  const given = splitCharacters(answer);
  return scoreBestReference(references, (reference) => {
    const wanted = splitCharacters(reference);
    return wanted.length === 0 ? notApplicable('no-reference') : computeBagF1(given, wanted);
  });
}

function splitCharacters(text: string): readonly string[] {
  return [...normaliseText(text).replaceAll(' ', '')];
}
