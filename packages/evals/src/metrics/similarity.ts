import { type Metric, type MetricValue, notApplicable } from './metric.ts';

export const similarity: Metric = {
  id: 'similarity',
  title: { en: 'Semantic similarity', ja: '意味の近さ' },
  kind: 'score',
  unit: 'share',
  better: 'higher',
  range: [-1, 1],
  formula: {
    en: 'Cosine of the vectors of answer and reference: a·b / (|a| |b|)',
    ja: '回答と模範解答のベクトルのコサイン：a·b / (|a| |b|)',
  },
  limits: {
    en: 'Only as good as the embedding model: small ones place opposites close together and leave the lower part of the scale unused. No value without a reference.',
    ja: '埋め込みモデルの質に左右されます。小さなモデルは反対の意味の文も近くに置き、低い値がほとんど出ません。模範解答がなければ値はありません。',
  },
  source: 'Reimers and Gurevych 2019, Sentence-BERT (arXiv:1908.10084)',
};

/** Throws RangeError where the vectors are not of one length: they are of different models. */
export function scoreSimilarity(answer: ArrayLike<number>, reference: ArrayLike<number>): MetricValue {
  if (answer.length !== reference.length) {
    throw new RangeError(
      `Vectors of ${answer.length} and ${reference.length} dimensions cannot be compared: embed answer and reference by one model.`,
    );
  }
  let [dot, ofAnswer, ofReference] = [0, 0, 0];
  for (let index = 0; index < answer.length; index += 1) {
    const [a, b] = [answer[index] ?? 0, reference[index] ?? 0];
    dot += a * b;
    ofAnswer += a * a;
    ofReference += b * b;
  }
  if (ofAnswer === 0 || ofReference === 0) return notApplicable('zero-vector');
  return dot / Math.sqrt(ofAnswer * ofReference);
}
