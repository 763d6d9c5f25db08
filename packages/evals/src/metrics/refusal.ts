import { type Metric, type MetricValue, notApplicable } from './metric.ts';
import { normaliseText } from './normalise-text.ts';

const source = 'Rajpurkar, Jia and Liang 2018, SQuAD 2.0 (arXiv:1806.03822)';

export const refusal: Metric = {
  id: 'refusal',
  title: { en: 'Refusal where the answer is not in the documents', ja: '文書にない質問での回答の見送り' },
  kind: 'right-wrong',
  unit: 'share',
  better: 'higher',
  range: [0, 1],
  formula: {
    en: 'Of the questions whose answer is not in the documents: 1 where the arm says that it does not know, else 0',
    ja: '回答が文書にない質問について、わからないと答えれば 1、そうでなければ 0',
  },
  limits: {
    en: 'No value for questions whose answer is in the documents, or of which that is not known.',
    ja: '回答が文書にある質問と、あるかどうかわからない質問では、値がありません。',
  },
  source,
};

export const wrongfulRefusal: Metric = {
  id: 'wrongful-refusal',
  title: { en: 'Wrongful refusal', ja: '誤った回答の見送り' },
  kind: 'right-wrong',
  unit: 'share',
  better: 'lower',
  range: [0, 1],
  formula: {
    en: 'Of the questions whose answer is in the documents: 1 where the arm says that it does not know, else 0',
    ja: '回答が文書にある質問について、わからないと答えれば 1、そうでなければ 0',
  },
  limits: {
    en: 'No value for questions whose answer is not in the documents, or of which that is not known.',
    ja: '回答が文書にない質問と、あるかどうかわからない質問では、値がありません。',
  },
  source,
};

type RefusalRow = {
  /** Whether the documents hold the answer; null: not known. */
  readonly answerable: boolean | null;
  readonly refused: boolean;
};

export function scoreRefusal({ answerable, refused }: RefusalRow): MetricValue {
  if (answerable === null) return notApplicable('answerable-not-known');
  return answerable ? notApplicable('answer-in-documents') : Number(refused);
}

export function scoreWrongfulRefusal({ answerable, refused }: RefusalRow): MetricValue {
  if (answerable === null) return notApplicable('answerable-not-known');
  return answerable ? Number(refused) : notApplicable('answer-not-in-documents');
}

/** As `normaliseText` leaves them. */
const phrases: readonly string[] = [
  ...['わかりません', '分かりません', 'わかりかねます', '分かりかねます', 'お答えできません', '回答できません'],
  ...['答えられません', '見つかりません', '記載がありません', '記載されていません', '情報がありません', '不明です'],
  ...['i dont know', 'i do not know', 'cannot answer', 'cant answer', 'unable to answer', 'not mentioned in'],
  ...['not in documents', 'not in context', 'no information', 'could not find', 'couldnt find'],
];

/**
 * Whether an answer says that the arm does not know. Certain for `sentences`, the arm's own for that case, which stand
 * anywhere in the answer; else by usual phrases of Japanese and English in the first sentence, which is a guess.
 */
export function isRefusal(answer: string, sentences: readonly string[] = []): boolean {
  const whole = normaliseText(answer);
  if (sentences.map(normaliseText).some((sentence) => sentence !== '' && whole.includes(sentence))) return true;
  const [first = ''] = answer.trim().split(/(?<=[。．！？!?\n]|\.\s)/u);
  const start = normaliseText(first);
  return phrases.some((phrase) => start.includes(phrase));
}
