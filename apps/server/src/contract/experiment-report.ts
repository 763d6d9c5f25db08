import { idSchema, localisedTextSchema, timeSchema, z } from './shared.ts';

/** Key of an arm within its experiment: `arm-1` and so on, in the order of the settings. */
const armKeySchema = z.string();

/** Why there is no number. It is never shown as 0. */
const absenceSchema = z
  .object({
    reason: z.enum(['not-applicable', 'not-measured', 'nothing-left']),
    message: localisedTextSchema,
  })
  .openapi('Absence');

const intervalSchema = z
  .object({
    low: z.number(),
    high: z.number(),
    level: z.number().openapi({ description: '0.95' }),
    method: z.string().openapi({ description: '`cluster-t` or `bootstrap-t`' }),
  })
  .openapi('Interval');

const sampleSize = { rows: z.int(), clusters: z.int() };

export const reportMetricSchema = z
  .object({
    metric: z.string().openapi({ example: 'characterF1' }),
    title: localisedTextSchema,
    description: localisedTextSchema.openapi({ description: 'Formula, range, and where it does not apply' }),
    source: z.string().nullable().openapi({ description: 'Where the formula is from' }),
    range: z.tuple([z.number(), z.number().nullable()]),
    better: z.enum(['higher', 'lower']),
    family: z.enum(['answer', 'retrieval', 'citation', 'refusal', 'judge']),
    main: z.boolean().openapi({ description: 'The one that decides, differences between rows included' }),
  })
  .openapi('ReportMetric');

const valueSchema = z
  .object({
    metric: z.string(),
    arm: armKeySchema,
    topic: z.string().nullable().openapi({ description: 'Null: over all questions' }),
    mean: z.number().nullable(),
    interval: intervalSchema.nullable().openapi({ description: 'Null below 15 clusters, too' }),
    ...sampleSize,
    absence: absenceSchema.nullable(),
  })
  .openapi('ReportValue');

const comparisonSchema = z
  .object({
    metric: z.string(),
    baseline: armKeySchema,
    arm: armKeySchema,
    topic: z.string().nullable(),
    difference: z.number().nullable().openapi({ description: 'Arm less baseline, in the metric’s own range' }),
    interval: intervalSchema.nullable(),
    probability: z.number().nullable().openapi({ description: 'p, of no difference' }),
    adjusted: z.number().nullable().openapi({ description: 'p after Holm, over the family of comparisons' }),
    effectSize: z.number().nullable(),
    test: z.string().nullable().openapi({ description: '`cluster-t` or `sign-flip`' }),
    verdict: z.enum(['better', 'worse', 'unclear', 'not-comparable']),
    ...sampleSize,
    note: localisedTextSchema.nullable(),
  })
  .openapi('ReportComparison');

const measureSchema = z
  .object({ value: z.number().nullable(), absence: absenceSchema.nullable() })
  .openapi('Measure');

const quantilesSchema = z
  .object({ p50: z.number(), p95: z.number(), mean: z.number(), answers: z.int() })
  .nullable()
  .openapi({ description: 'Null where nothing could be measured' });

const trainingPartSchema = z.object({
  arm: armKeySchema,
  needed: z.boolean(),
  models: z.array(
    z.object({
      name: z.string(),
      steps: z.int().nullable(),
      seconds: z.number().nullable(),
      rows: z.int().nullable(),
      tokens: z.int().nullable(),
      hardware: z.string().nullable(),
      peakMemory: z.number().nullable().openapi({ description: 'Bytes' }),
    }),
  ),
  steps: measureSchema,
  seconds: measureSchema,
  energy: measureSchema.openapi({ description: 'Watt hours, where the machine tells' }),
});

const newInformationPartSchema = z.object({
  arm: armKeySchema,
  seconds: measureSchema.openapi({ description: 'From adding the facts until the arm answers from them' }),
  known: measureSchema.openapi({ description: 'How many of the facts it knows then' }),
  facts: z.int().nullable(),
  retraining: z.boolean().openapi({ description: 'New facts reach it by training again only' }),
});

const resourcesPartSchema = z.object({
  arm: armKeySchema,
  preparationSeconds: measureSchema,
  diskBytes: measureSchema.openapi({ description: 'Artifacts and adapters of its build' }),
  peakMemory: measureSchema.openapi({ description: 'Bytes, where the host tells' }),
  secondsPerThousand: measureSchema.openapi({ description: 'Of answering, per 1,000 answers, one at a time' }),
  tokens: z.object({ prompt: measureSchema, completion: measureSchema }).openapi({ description: 'Per answer' }),
  costPerThousand: measureSchema.openapi({ description: 'In the form’s currency' }),
  preparationCost: measureSchema,
});

const speedPartSchema = z.object({
  arm: armKeySchema,
  firstTokenMilliseconds: quantilesSchema,
  totalMilliseconds: quantilesSchema,
  tokensPerSecond: quantilesSchema,
});

const leftOutSchema = z
  .object({
    code: z.string(),
    arm: armKeySchema.nullable().openapi({ description: 'Null: for all arms' }),
    count: z.int(),
    message: localisedTextSchema,
    rows: z.array(z.int()).openapi({ description: 'Numbers of the first of them' }),
  })
  .openapi('LeftOut');

const reasonSchema = z.object({ code: z.string(), message: localisedTextSchema });

const reportArmSchema = z
  .object({
    key: armKeySchema,
    name: z.string(),
    kind: z.enum(['base', 'retrieval', 'tuned', 'tuned-retrieval']),
    baseline: z.boolean(),
    flow: idSchema,
    flowName: z.string(),
    version: z.int(),
    versionSha256: z.string(),
    build: z.int(),
    output: z.string(),
    fingerprints: z.array(z.object({ node: z.string(), fingerprint: z.string() })),
    models: z.array(
      z.object({
        node: z.string(),
        purpose: z.enum(['chat', 'embedding']),
        host: z.string(),
        name: z.string(),
        digest: z.string().nullable(),
        adapter: z.string().nullable(),
        quantisation: z.string().nullable(),
      }),
    ),
    sampling: z.array(z.object({ node: z.string(), settings: z.record(z.string(), z.unknown()) })),
    answers: z.object({ made: z.int(), answered: z.int(), refused: z.int(), failed: z.int() }),
  })
  .openapi('ReportArm');

/** All that is needed to show an experiment, on a page, in a file of its own or in print, and to run it again. */
export const experimentReportSchema = z
  .object({
    format: z.literal('kumiki/report@1'),
    experiment: z.object({
      id: idSchema,
      name: z.string(),
      run: idSchema,
      state: z.enum(['succeeded', 'failed', 'cancelled']),
      complete: z.boolean().openapi({ description: 'False: some of the planned answers were not made' }),
      kumiki: z.string().openapi({ description: 'Version of the program' }),
      createdAt: timeSchema,
      startedAt: timeSchema.nullable(),
      endedAt: timeSchema.nullable(),
    }),
    settings: z.record(z.string(), z.unknown()).openapi({ description: 'ExperimentSettings: POST it to run it again' }),
    reproduce: z.object({
      seed: z.int(),
      questionSet: z.object({ id: idSchema, name: z.string(), sha256: z.string(), redacted: z.boolean() }),
      order: localisedTextSchema.openapi({ description: 'In which order arms and questions came' }),
      promptCache: localisedTextSchema,
      statistics: z.record(z.string(), z.union([z.number(), z.string()])).openapi({
        description: 'Methods, levels, numbers of resamples and their seed',
      }),
      hardware: z.string(),
    }),
    arms: z.array(reportArmSchema),
    warnings: z.array(z.object({ code: z.string(), arms: z.array(armKeySchema), message: localisedTextSchema })),
    counts: z.object({
      rows: z.int(),
      clusters: z.int(),
      repetitions: z.int(),
      planned: z.int(),
      answered: z.int(),
      refused: z.int(),
      failed: z.int(),
      compared: z.int().openapi({ description: 'Rows that comparisons stand on' }),
      leftOut: z.array(leftOutSchema),
    }),
    metrics: z.array(reportMetricSchema),
    values: z.array(valueSchema),
    comparisons: z.array(comparisonSchema),
    power: z
      .object({
        smallestDifference: z.number().nullable().openapi({ description: 'That could be seen with 80% power' }),
        neededRows: z.int().nullable().openapi({ description: 'To see the difference named by `wanted`' }),
        wanted: z.number(),
        message: localisedTextSchema,
      })
      .nullable(),
    table: z.object({
      training: z.array(trainingPartSchema),
      newInformation: z.array(newInformationPartSchema),
      resources: z.array(resourcesPartSchema),
      speed: z.array(speedPartSchema),
    }),
    charts: z.object({
      latency: z.array(z.object({ arm: armKeySchema, seconds: z.number().nullable(), quality: valueSchema })),
      cost: z.array(z.object({ arm: armKeySchema, cost: measureSchema, quality: valueSchema })),
      trainingLoss: z.array(
        z.object({
          arm: armKeySchema,
          model: z.string(),
          points: z.array(
            z.object({ step: z.int(), loss: z.number().nullable(), evaluationLoss: z.number().nullable() }),
          ),
        }),
      ),
    }),
    judge: z
      .object({
        host: z.string(),
        model: z.string(),
        digest: z.string().nullable(),
        prompt: z.string(),
        pairs: z.int(),
        disagreements: z.int().openapi({ description: 'The two orders led to different verdicts: counted as ties' }),
        rubbish: z.int().openapi({ description: 'Answers of the judge that could not be read' }),
        wins: z.array(z.object({ arm: armKeySchema, against: armKeySchema, won: z.int(), tied: z.int(), lost: z.int() })),
      })
      .nullable()
      .openapi({ description: 'Null: no judge was asked, and metrics of a judge say so' }),
    labels: z.object({
      pairs: z.int(),
      labelled: z.int(),
      kappa: measureSchema.openapi({ description: 'Cohen’s kappa between people and the judge' }),
      wins: z.array(z.object({ arm: armKeySchema, against: armKeySchema, won: z.int(), tied: z.int(), lost: z.int() })),
    }),
    form: z.record(z.string(), z.unknown()).openapi({ description: 'ExperimentForm' }),
    decision: z.object({
      outcome: z.enum(['recommended', 'not-enough-evidence']),
      arm: armKeySchema.nullable(),
      headline: localisedTextSchema,
      reasons: z.array(reasonSchema),
      wouldChange: z.array(reasonSchema),
      missing: z.array(reasonSchema).openapi({ description: 'What the form does not say' }),
      cannotSay: z.array(reasonSchema).openapi({ description: 'What this measurement cannot tell' }),
    }),
  })
  .openapi('ExperimentReport');

export type ExperimentReport = z.infer<typeof experimentReportSchema>;
