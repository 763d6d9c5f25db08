import type { LocalisedText } from '@kumiki/flow';
import type {
  ArmFacts,
  Difference,
  Estimate,
  Experiment,
  ExperimentAnswer,
  ExperimentReport,
  ExperimentRow,
  Interval,
  MetricComparison,
  ReportArm,
  TopicDifference,
} from '../../api/experiments.ts';

/** A report of four arms as the server sends it. All of it is made up. */

export const sampleId = '0190aa00-0000-7000-8000-000000000001';
const runId = '0190aa00-0000-7000-8000-000000000002';
const flowId = '0190aa00-0000-7000-8000-000000000003';
const setId = '0190aa00-0000-7000-8000-000000000004';
const sha = (digit: string) => digit.repeat(64);
const text = (ja: string, en: string): LocalisedText => ({ ja, en });
const sentence = (code: string, ja: string, en: string) => ({ code, message: text(ja, en), facts: {} });
const around = (mean: number, half: number): Interval => ({ kind: 'interval', low: mean - half, high: mean + half });

const totals = [3.1, 3.9, 2.6, 3.6] as const;

function makeArm(number: number, name: string, kind: ReportArm['kind'], adapter: string | null): ReportArm {
  const total = totals[number - 1] ?? 0;
  return {
    ...{ key: `arm-${number}`, name, kind, baseline: number === 1, flow: flowId, flowName: '検索か、学習か' },
    ...{ version: 3, versionSha256: sha('9'), build: 5, output: kind, fingerprints: [], sampling: [] },
    models: [
      {
        ...{ node: 'base', purpose: 'chat', host: 'embedded', name: 'qwen2.5-coder-0.5b-instruct', adapter },
        ...{ digest: `sha256:${sha('7')}`, quantisation: 'Q4_K_M' },
      },
    ],
    answers: { made: 180, answered: 170, refused: 9, failed: 1 },
    trained:
      adapter === null
        ? []
        : [
            {
              ...{ node: `tune-${number}`, name: 'qwen2.5-coder-0.5b · LoRA', steps: 44, seconds: 1_620, rows: 43 },
              ...{ tokens: 12_000, hardware: 'Xeon', peakMemory: 4_400_000_000 },
              energy: { processorJoules: null, deviceJoules: 972_000 },
              losses: Array.from({ length: 44 }, (_, step) => ({
                step: step + 1,
                loss: 0.6 + 1.6 * Math.exp(-step / 14),
                evaluationLoss: step % 11 === 10 ? 1.1 + 0.8 * Math.exp(-step / 12) : null,
              })),
            },
          ],
    diskBytes: 412_000_000,
    peakMemory: null,
    speed: {
      firstToken: { p50: 0.21, p95: 0.34, answers: 180 },
      total: { p50: total, p95: total * 1.6, answers: 180 },
      tokensPerSecond: number === 4 ? null : { p50: 21.4, p95: 25, answers: 180 },
    },
    tokens: { in: 612, out: 41 },
  };
}

export const sampleArms = [
  makeArm(1, '元のモデル', 'base', null),
  makeArm(2, 'RAG', 'retrieval', null),
  makeArm(3, '学習済み', 'tuned', sha('a')),
  makeArm(4, '学習済み + RAG', 'tuned-retrieval', sha('b')),
] as const;

const scores = [0.31, 0.68, 0.52, 0.72] as const;
const topics = [
  { topic: '文書と会話', scores: [0.32, 0.69, 0.66, 0.74] },
  { topic: '文書だけ', scores: [0.3, 0.67, 0.38, 0.7] },
] as const;

function estimate(mean: number, half: number, rows: number, clusters: number): Estimate {
  return { mean, median: mean, p95: mean, rows, clusters, interval: around(mean, half) };
}

function differ(
  arm: number,
  against: number,
  mean: number,
  half: number,
  shown: boolean,
  adjusted: number,
): Difference {
  return {
    ...{ arm: `arm-${arm}`, against: `arm-${against}`, rows: 54, clusters: 27, mean, shown, leftOut: [] },
    means: { arm: scores[arm - 1] ?? 0, against: scores[against - 1] ?? 0 },
    interval: around(mean, half),
    test: { method: 'cluster-t', p: adjusted / 3, adjusted },
    effect: { standardised: 0.6, better: 40, worse: 10, equal: 4 },
    power: {
      ...{ power: 0.8, level: 0.05, rows: 54, clusters: 27, visible: 0.09, wanted: 0.05 },
      ...{ neededRows: 400, neededClusters: 180 },
    },
  };
}

function differByTopic(arm: number, mean: number, half: number): TopicDifference {
  return { arm: `arm-${arm}`, against: 'arm-1', rows: 27, clusters: 16, mean, interval: around(mean, half) };
}

const characterF1: MetricComparison = {
  metric: { id: 'character-f1', kind: 'score', unit: 'share', better: 'higher', range: [0, 1] },
  arms: sampleArms.map(({ key }, place) => {
    const told = estimate(scores[place] ?? 0, 0.05, 54, 27);
    return { arm: key, own: told, common: told, leftOut: [{ reason: 'overlaps-training', rows: 3 }] };
  }),
  differences: [
    differ(2, 1, 0.37, 0.06, true, 0.0003),
    differ(3, 1, 0.21, 0.06, true, 0.002),
    differ(4, 1, 0.41, 0.06, true, 0.0002),
    differ(3, 2, -0.16, 0.06, true, 0.004),
    differ(4, 2, 0.04, 0.05, false, 0.12),
  ],
  incomparable: [],
  topics: topics.map(({ topic, scores: means }) => ({
    topic,
    arms: sampleArms.map(({ key }, place) => ({ arm: key, estimate: estimate(means[place] ?? 0, 0.07, 27, 16) })),
    differences: [2, 3, 4].map((arm) => differByTopic(arm, (means[arm - 1] ?? 0) - means[0], 0.08)),
  })),
};

/** A metric that only retrieving arms have values in, or none. */
function withRetrieval(id: string, mean: number | null, none: string): MetricComparison {
  return {
    metric: { id, kind: 'score', unit: 'share', better: 'higher', range: [0, 1] },
    arms: sampleArms.map(({ key, kind }) => {
      const retrieves = kind === 'retrieval' || kind === 'tuned-retrieval';
      const told = retrieves && mean !== null ? estimate(mean, 0.06, 54, 27) : null;
      const reason = retrieves ? none : 'no-retrieval';
      return { arm: key, own: told, common: told, leftOut: told === null ? [{ reason, rows: 60 }] : [] };
    }),
    ...{ differences: [], incomparable: [], topics: [] },
  };
}

const facts: readonly ArmFacts[] = sampleArms.map(({ key, kind, speed }, place) => ({
  arm: key,
  preparation: { seconds: [0, 372, 1_620, 1_992][place] ?? 0, cpuSeconds: null, gpuSeconds: null, kilowattHours: null },
  newFacts:
    kind === 'base'
      ? { kind: 'no-way-in' }
      : kind === 'tuned-retrieval'
        ? null
        : {
            ...{ kind: 'measured', seconds: kind === 'tuned' ? 1_640 : 8.4, retrains: kind === 'tuned', asked: 5 },
            ...{ known: kind === 'tuned' ? 3 : 5, work: { cpuSeconds: null, gpuSeconds: null, kilowattHours: null } },
          },
  latency: { firstToken: speed.firstToken, total: speed.total },
  perThousandAnswers: {
    ...{ cpuSeconds: (totals[place] ?? 0) * 1_900, gpuSeconds: null, kilowattHours: null },
    ...{ tokensIn: 612_000, tokensOut: 41_000 },
  },
}));

export const sampleReport: ExperimentReport = {
  format: 'kumiki/report@1',
  experiment: {
    ...{
      id: sampleId,
      name: '総務窓口：検索か学習か',
      run: runId,
      state: 'succeeded',
      complete: true,
      kumiki: '0.1.0',
    },
    createdAt: '2026-11-23T02:00:00.000Z',
    startedAt: '2026-11-23T02:00:05.000Z',
    endedAt: '2026-11-23T02:48:05.000Z',
  },
  settings: {},
  reproduce: {
    seed: 20_261_123,
    questionSet: { id: setId, name: '総務の質問', sha256: sha('0'), redacted: false },
    order: text(
      '質問のまとまりごとに、案の順番を混ぜて測りました。',
      'Arms in random order within blocks of questions.',
    ),
    promptCache: text('すべての案で無効にしました。', 'Off for all arms.'),
    hardware: 'Linux · 2 cores · 16 GB',
  },
  arms: [...sampleArms],
  warnings: [
    {
      code: 'trained-on-questions',
      arms: ['arm-3', 'arm-4'],
      message: text(
        '学習に使った会話とよく似た質問が 3 問ありました。',
        'Three questions are nearly those of a training set.',
      ),
    },
  ],
  counts: {
    ...{ rows: 60, clusters: 27, repetitions: 3, planned: 720, answered: 680, refused: 36, failed: 4 },
    leftOut: [
      {
        ...{ reason: 'overlaps-training', arm: 'arm-3', count: 3, rows: [4, 17] },
        message: text('学習した質問とよく似ています。', 'Nearly the same as one that was learnt.'),
      },
      {
        ...{ reason: 'reference-missing', arm: null, count: 3, rows: [58, 59, 60] },
        message: text('模範解答がありません。', 'No reference.'),
      },
    ],
  },
  metrics: [
    {
      ...{ id: 'character-f1', kind: 'score', unit: 'share', better: 'higher', range: [0, 1], source: 'JSQuAD' },
      title: text('文字 F1', 'Character F1'),
      formula: text('模範解答と共通する文字の F1 です。', 'F1 of the characters shared with the reference.'),
      limits: text('言い換えは低く出ます。', 'Other words for the same score low.'),
    },
    {
      ...{ id: 'recall', kind: 'score', unit: 'share', better: 'higher', range: [0, 1], source: 'Manning et al. 2008' },
      title: text('検索の再現率', 'Retrieval recall'),
      formula: text('正解の文書のうち、上位 5 件に入った割合です。', 'Share of right documents among the first five.'),
      limits: text('検索する案だけにあります。', 'Only for arms that retrieve.'),
    },
    {
      ...{ id: 'faithfulness', kind: 'score', unit: 'share', better: 'higher', range: [0, 1], source: 'RAGAS' },
      title: text('根拠への忠実さ', 'Faithfulness'),
      formula: text('回答のうち、抜粋に支えられた文の割合です。', 'Share of the statements that passages support.'),
      limits: text('判定モデルが必要です。', 'Needs a judge model.'),
    },
  ],
  comparison: {
    ...{ baseline: 'arm-1', primary: 'character-f1', seed: 20_261_123, rows: 60, clusters: 27 },
    arms: sampleArms.map(({ key }) => ({ arm: key, measured: 57, leftOut: [], asked: 180, failed: 1 })),
    metrics: [
      characterF1,
      withRetrieval('recall', 0.91, 'no-passages-known'),
      withRetrieval('faithfulness', null, 'no-judge'),
    ],
  },
  facts: [...facts],
  costs: sampleArms.map(({ key }) => ({ arm: key, preparation: null, perThousandAnswers: null, monthly: null })),
  judge: null,
  labels: {
    ...{ pairs: 162, labelled: 0, wins: [], kappa: null, kappaAbsence: null },
  },
  form: {
    ...{ factsChange: { everyDays: 7 }, latencyLimit: { of: 'total', seconds: 5 }, budget: null },
    ...{ questionsPerMonth: null, prices: null, smallestDifference: null },
  },
  decision: {
    outcome: { kind: 'recommended', arm: 'arm-2' },
    headline: text('RAG を使う', 'Use RAG'),
    reasons: [
      sentence(
        'takes-in-facts-in-time',
        '事実は毎週変わります。新しい事実は 8 秒後に答えられるようになり、5 件のうち 5 件を覚えました。',
        'Facts change weekly. A new one is answered after 8 seconds, and five of five were known then.',
      ),
      sentence(
        'better',
        '文字 F1 は元のモデルより 37 点 [31, 43] 高く、この差は確かです。',
        'Its character F1 is 37 points [31, 43] above that of the base model.',
      ),
    ],
    excluded: [
      sentence(
        'no-way-in-for-facts',
        '元のモデルには、新しい事実を反映する手段がありません。',
        'The base model has no way in for new facts.',
      ),
    ],
    wouldChange: [
      sentence(
        'facts-change-less-often',
        '事実が変わらないなら「学習済み + RAG」も候補になります。',
        'If facts never changed, tuned + RAG would be an option.',
      ),
    ],
    missing: [sentence('prices', '計算機の費用が書かれていません。', 'The price of the machine was not said.')],
    cannotSay: [
      text(
        '同時に多数が使うときの速さ。1 問ずつ測っています。',
        'Speed under load: questions were asked one at a time.',
      ),
    ],
  },
};

function answer(arm: string, score: number, said: string, changes: Partial<ExperimentAnswer> = {}): ExperimentAnswer {
  return {
    ...{ arm, repetition: 1, state: 'answered', text: said, citations: [], passages: [], error: null },
    scores: { 'character-f1': score, faithfulness: { notApplicable: 'no-judge' } },
    firstTokenMilliseconds: 210,
    totalMilliseconds: 3_100,
    usage: { promptTokens: 612, completionTokens: 41 },
    ...changes,
  };
}

export const sampleRows: readonly ExperimentRow[] = [
  {
    ...{ number: 17, id: 'q17', topic: '文書だけ', cluster: 'visitors', answerable: true, leftOut: false },
    question: '来客用の入館証は何色ですか。',
    references: ['青色です。'],
    difference: 0.88,
    answers: [
      answer('arm-1', 0.08, '入館証の色は会社によって異なります。'),
      answer('arm-2', 0.96, '来客用の入館証は青色です[1]。', {
        citations: [
          {
            ...{ number: 1, kind: 'marker', documentId: 'd', documentName: 'visitors.md', page: null },
            ...{ headings: ['来客の受け付け', '入館証と駐車場'], start: 0, end: 10, answerStart: 11, answerEnd: 14 },
            text: '来客用の入館証は青色です。',
            quote: '来客用の入館証は青色です。',
          },
        ],
      }),
      answer('arm-3', 0.22, '赤色です。'),
      answer('arm-4', 0.96, '来客用の入館証は青色です。'),
    ],
    judgements: [
      {
        arms: ['arm-1', 'arm-2'],
        preferred: 'arm-2',
        agreed: true,
        reasons: ['文書のとおりに答えている。'],
      },
    ],
  },
  {
    ...{ number: 58, id: 'q58', topic: null, cluster: 'room-rent', answerable: false, leftOut: false },
    question: '会議室を社外の人だけで借りると、1時間いくらですか。',
    references: [],
    difference: 1,
    answers: [
      answer('arm-1', 0, '1時間5,000円です。'),
      answer('arm-2', 1, '資料からは分かりません。', { state: 'refused' }),
      answer('arm-3', 0, '1時間3,000円です。'),
      answer('arm-4', 0, '', {
        state: 'failed',
        text: null,
        error: {
          ...{ code: 'model-stream-cut', retryable: false, node: null, path: null },
          message: text('回答が途中で切れました。', 'The answer broke off.'),
        },
      }),
    ],
    judgements: [],
  },
];

export const sampleExperiment: Experiment = {
  ...{ id: sampleId, name: sampleReport.experiment.name, run: runId, state: 'succeeded', error: null },
  settings: {
    name: sampleReport.experiment.name,
    arms: sampleArms.map(({ name, flow, version, build, output }) => ({ name, flow, version, build, output })),
    ...{ baseline: 0, questionSet: setId, input: 'question', repetitions: 3, seed: 20_261_123, retrievedPassages: 5 },
    ...{ embedding: null, judge: null, includeTrained: false, primary: null, probe: null },
  },
  arms: sampleArms.map(({ key, name, flowName }) => ({ key, name, flowName })),
  questions: 60,
  answers: { planned: 720, made: 720, failed: 4 },
  warnings: [],
  form: sampleReport.form,
  createdAt: '2026-11-23T02:00:00.000Z',
  startedAt: '2026-11-23T02:00:05.000Z',
  endedAt: '2026-11-23T02:48:05.000Z',
};
