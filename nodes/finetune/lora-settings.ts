import type { LocalisedText, SettingText } from '@kumiki/flow';
import type { TrainingSettings } from '@kumiki/node-sdk';
import { z } from 'zod';

/** Defaults that move a model of some billions on a few thousand examples. Released ones never change. */
export const loraSettings = z.object({
  epochs: z.int().min(1).max(1_000).default(3),
  learningRate: z.number().gt(0).max(1).default(2e-4),
  batchSize: z.int().min(1).max(1_024).default(16),
  maximumLength: z.int().min(16).max(131_072).default(1_024),
  rank: z.int().min(1).max(512).default(16),
  alpha: z.number().gt(0).max(2_048).default(32),
  dropout: z.number().min(0).max(0.9).default(0.05),
  schedule: z.enum(['cosine', 'linear', 'constant']).default('cosine'),
  warmup: z.number().min(0).max(1).default(0.1),
  evaluationsPerEpoch: z.int().min(0).max(100).default(2),
  patience: z.int().min(0).max(100).default(3),
  seed: z.int().min(0).max(2_147_483_647).default(42),
  precision: z.enum(['auto', 'float32', 'bfloat16', 'float16']).default('auto'),
  quantisation: z.enum(['none', 'nf4']).default('none'),
  samplePrompts: z.string().max(10_000).default(''),
  questionVariable: z.string().max(64).default('question'),
  passagesVariable: z.string().max(64).default('passages'),
  base: z.string().max(1_000).default(''),
  evenIfTooLarge: z.boolean().default(false),
});

export type LoraSettings = z.output<typeof loraSettings>;

/** What is only looked at, or only lets a training begin: it changes nothing about the model that comes of it. */
export const settingsWithoutEffect = ['samplePrompts', 'evenIfTooLarge'] as const satisfies (keyof LoraSettings)[];

function text(title: LocalisedText, description: LocalisedText, rest: Partial<SettingText> = {}): SettingText {
  return { title, description, ...rest };
}

const advanced = { advanced: true };

export const loraSettingTexts: { readonly [Name in keyof LoraSettings]: SettingText } = {
  epochs: text(
    { en: 'Epochs', ja: 'エポック数' },
    {
      en: 'How often the whole data set is gone through: small data sets need more.',
      ja: '教材全体を何回繰り返して学ぶかです。教材が少ないときは増やします。',
    },
  ),
  learningRate: text(
    { en: 'Learning rate', ja: '学習率' },
    {
      en: 'How far one step moves the model: too low teaches nothing, too high forgets what it knew.',
      ja: '1 ステップでモデルをどれだけ変えるかです。低すぎると身に付かず、高すぎると元の知識を忘れます。',
    },
  ),
  batchSize: text(
    { en: 'Examples per step', ja: '1 ステップの例の数' },
    {
      en: 'How many examples one step learns from together: fewer make more steps out of a small data set.',
      ja: '1 ステップでまとめて学ぶ例の数です。教材が少ないときは、減らすとステップ数が増えます。',
    },
  ),
  maximumLength: text(
    { en: 'Longest example (tokens)', ja: '例の最大長（トークン）' },
    {
      en: 'Longer examples are left out and listed; a higher limit takes more memory.',
      ja: 'これより長い例は除外し、一覧に示します。上限を上げるほどメモリーを使います。',
    },
  ),
  rank: text(
    { en: 'Rank', ja: 'ランク' },
    {
      en: 'How much room the adapter has for what is new: 8 to 16 for a tone or some facts, more for much material.',
      ja: '新しく学ぶ内容を入れる余地です。口調や少数の事実なら 8〜16、教材が多ければさらに増やします。',
    },
    advanced,
  ),
  alpha: text(
    { en: 'Alpha', ja: 'アルファ' },
    {
      en: 'How strongly the adapter counts beside the base model; twice the rank is usual.',
      ja: 'ベースモデルに対してアダプターをどれだけ効かせるかです。ランクの 2 倍が目安です。',
    },
    advanced,
  ),
  dropout: text(
    { en: 'Dropout', ja: 'ドロップアウト' },
    {
      en: 'The share of the adapter that is left out at random in each step, so that it does not learn by heart.',
      ja: '丸暗記を防ぐために、各ステップで無作為に使わない部分の割合です。',
    },
    advanced,
  ),
  schedule: text(
    { en: 'Course of the learning rate', ja: '学習率の推移' },
    {
      en: 'How the learning rate falls towards the end: along a cosine, evenly, or not at all.',
      ja: '終わりに向けて学習率をどう下げるかです。コサイン曲線、直線、一定から選びます。',
    },
    {
      advanced: true,
      options: {
        cosine: { en: 'Cosine', ja: 'コサイン' },
        linear: { en: 'Linear', ja: '直線' },
        constant: { en: 'Constant', ja: '一定' },
      },
    },
  ),
  warmup: text(
    { en: 'Warm-up (share)', ja: 'ウォームアップの割合' },
    {
      en: 'The share of the steps in which the learning rate rises from zero, so that the first ones do no harm.',
      ja: '学習率を 0 から徐々に上げるステップの割合です。最初の急な変化を防ぎます。',
    },
    advanced,
  ),
  evaluationsPerEpoch: text(
    { en: 'Evaluations per epoch', ja: 'エポックごとの評価回数' },
    {
      en: 'How often the model is measured on examples that it does not learn from; 0 only at the end.',
      ja: '学習に使わない例で成績を測る回数です。0 にすると最後だけ測ります。',
    },
    advanced,
  ),
  patience: text(
    { en: 'Patience (evaluations)', ja: '早期終了までの評価回数' },
    {
      en: 'Ends after so many evaluations without improvement and keeps the best state; 0 never ends early.',
      ja: 'この回数だけ評価が改善しなければ終了し、最も良かった状態を残します。0 にすると早期終了しません。',
    },
    advanced,
  ),
  seed: text(
    { en: 'Seed', ja: 'シード' },
    {
      en: 'Fixes all that is random: the same seed and data give the same training.',
      ja: '乱数を固定します。同じシードと教材なら、同じ学習になります。',
    },
    advanced,
  ),
  precision: text(
    { en: 'Precision', ja: '精度' },
    {
      en: 'The numbers that it computes with: “automatic” takes what this machine is fast with.',
      ja: '計算に使う数値の形式です。「自動」にすると、このマシンで速いものを選びます。',
    },
    {
      advanced: true,
      options: {
        auto: { en: 'Automatic', ja: '自動' },
        float32: { en: '32 bits (float32)', ja: '32 ビット（float32）' },
        bfloat16: { en: '16 bits (bfloat16)', ja: '16 ビット（bfloat16）' },
        float16: { en: '16 bits (float16)', ja: '16 ビット（float16）' },
      },
    },
  ),
  quantisation: text(
    { en: 'Quantisation of the base', ja: 'ベースモデルの量子化' },
    {
      en: '4 bits (QLoRA) hold the base model in a quarter of the memory, which needs an NVIDIA GPU.',
      ja: '4 ビット（QLoRA）にすると、ベースモデルのメモリーが約 4 分の 1 になります。NVIDIA の GPU が必要です。',
    },
    {
      advanced: true,
      options: {
        none: { en: 'None', ja: 'なし' },
        nf4: { en: '4 bits (NF4)', ja: '4 ビット（NF4）' },
      },
    },
  ),
  samplePrompts: text(
    { en: 'Sample questions', ja: '試しに聞く質問' },
    {
      en: 'Questions, one a line, that are asked at each evaluation to show how answers change; empty takes the first examples for evaluation.',
      ja: '評価のたびに聞いて回答の変化を見る質問です。1 行に 1 つ書きます。空にすると、評価用の例の先頭を使います。',
    },
    { widget: 'textarea', advanced: true },
  ),
  questionVariable: text(
    { en: 'Variable of the question', ja: '質問の変数' },
    {
      en: 'The template’s variable in whose place the user’s message stands.',
      ja: 'ひな形の中で、利用者の発言を入れる変数の名前です。',
    },
    advanced,
  ),
  passagesVariable: text(
    { en: 'Variable of the passages', ja: '抜粋の変数' },
    {
      en: 'The template’s variable in whose place the passages stand that come with an example.',
      ja: 'ひな形の中で、例に付いている抜粋を入れる変数の名前です。',
    },
    advanced,
  ),
  base: text(
    { en: 'Weights of the base', ja: 'ベースモデルの重み' },
    {
      en: 'Where the weights lie, for a model that Kumiki cannot fetch itself: a listed folder, or owner/name@commit on the hub.',
      ja: 'Kumiki が自動で取得できないモデルの重みの場所です。許可されたフォルダー、またはハブの 所有者/名前@コミット を指定します。',
    },
    advanced,
  ),
  evenIfTooLarge: text(
    { en: 'Try even if it will not fit', ja: 'メモリー不足の見込みでも試す' },
    {
      en: 'Begins although the estimate says that the memory will not suffice.',
      ja: '見積もりでメモリーが足りない場合でも、学習を始めます。',
    },
    advanced,
  ),
};

/** What the trainer has to know of them. */
export function readTrainingSettings(settings: LoraSettings): TrainingSettings {
  const { rank, alpha, dropout, learningRate, schedule, warmup, epochs, batchSize, maximumLength } = settings;
  const { evaluationsPerEpoch, patience, seed, precision, quantisation } = settings;
  return {
    ...{ rank, alpha, dropout, learningRate, schedule, warmup, epochs, batchSize, maximumLength },
    ...{ evaluationsPerEpoch, patience, seed, precision, quantisation },
  };
}
