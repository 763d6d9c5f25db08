import type { LocalisedText, Metric, MetricUnit } from './metric.ts';

/** What is read off a clock, a host or an operating system. Quantiles count here, and nothing is tested. */
function describeAmount(id: string, unit: MetricUnit, title: LocalisedText, formula: LocalisedText): Metric {
  return {
    ...{ id, title, kind: 'amount', unit, better: 'lower', range: [0, null], formula },
    limits: {
      en: 'Holds for this machine, this load and one question at a time. No value where the host does not tell.',
      ja: 'このマシン、この負荷で 1 問ずつ尋ねたときの値です。ホストから得られないときは値がありません。',
    },
    source: 'measured',
  };
}

export const firstToken: Metric = describeAmount(
  'first-token',
  'seconds',
  { en: 'Time to first token', ja: '最初のトークンまでの時間' },
  { en: 'From the question until the first text of the answer', ja: '質問してから、回答の最初の文字が届くまで' },
);
export const totalTime: Metric = describeAmount(
  'total-time',
  'seconds',
  { en: 'Total time', ja: '回答が終わるまでの時間' },
  { en: 'From the question until the end of the answer', ja: '質問してから、回答が終わるまで' },
);
export const tokensIn: Metric = describeAmount(
  'tokens-in',
  'tokens',
  { en: 'Tokens in', ja: '入力トークン' },
  { en: 'Tokens of all prompts of one answer', ja: '1 つの回答に使ったプロンプトのトークン数' },
);
export const tokensOut: Metric = describeAmount(
  'tokens-out',
  'tokens',
  { en: 'Tokens out', ja: '出力トークン' },
  { en: 'Tokens that were generated for one answer', ja: '1 つの回答で生成したトークン数' },
);
export const processorTime: Metric = describeAmount(
  'processor-time',
  'seconds',
  { en: 'Processor time', ja: 'CPU 時間' },
  {
    en: 'Seconds that all cores together worked for the answer, in Kumiki and in its embedded models',
    ja: '回答のために、Kumiki と内蔵のモデルがすべてのコアで使った時間の合計',
  },
);
export const deviceTime: Metric = describeAmount(
  'device-time',
  'seconds',
  { en: 'GPU time', ja: 'GPU 時間' },
  { en: 'Seconds that GPUs worked for the answer', ja: '回答のために GPU が使われた時間の合計' },
);
export const peakMemory: Metric = describeAmount(
  'peak-memory',
  'bytes',
  { en: 'Peak memory of the host', ja: 'ホストのメモリーの最大値' },
  { en: 'Highest memory of the model host while it answered', ja: '回答中にモデルのホストが使ったメモリーの最大値' },
);
