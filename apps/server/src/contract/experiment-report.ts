import { armCostSchema, armFactsSchema, comparisonSchema, experimentFormSchema, intervalSchema } from './comparison.ts';
import { errorReportSchema, idSchema, localisedTextSchema, timeSchema, z } from './shared.ts';
import { energySchema } from './tuned-models.ts';

/** Key of an arm within its experiment: `arm-1` and so on, in the order of the settings. */
const armKeySchema = z.string();

const reportMetricSchema = z
  .object({
    id: z.string(),
    title: localisedTextSchema,
    kind: z.enum(['right-wrong', 'score', 'amount']),
    unit: z.enum(['share', 'seconds', 'tokens', 'bytes']),
    better: z.enum(['higher', 'lower']),
    range: z.tuple([z.number(), z.number().nullable()]),
    formula: localisedTextSchema,
    limits: localisedTextSchema.openapi({ description: 'When it has no value, or says little' }),
    source: z.string(),
  })
  .openapi('ReportMetric');

const quantilesSchema = z
  .object({ p50: z.number(), p95: z.number(), answers: z.int() })
  .nullable()
  .openapi({ description: 'Null: not measured' });

const trainedModelSchema = z
  .object({
    node: z.string(),
    name: z.string(),
    steps: z.int().nullable(),
    seconds: z.number().nullable(),
    rows: z.int().nullable(),
    tokens: z.int().nullable(),
    hardware: z.string().nullable(),
    peakMemory: z.number().nullable().openapi({ description: 'Bytes' }),
    energy: energySchema.nullable(),
    losses: z
      .array(z.object({ step: z.int(), loss: z.number().nullable(), evaluationLoss: z.number().nullable() }))
      .openapi({ description: 'Empty where the run that trained it is no longer kept' }),
  })
  .openapi('ReportTrainedModel', { description: 'What is not known of it is null' });

const leftOutSchema = z
  .object({
    reason: z.string(),
    arm: armKeySchema.nullable().openapi({ description: 'Null: before any arm was asked' }),
    count: z.int(),
    message: localisedTextSchema,
    rows: z.array(z.int()).openapi({ description: 'Numbers of the first of them; empty for rows that are in no set' }),
  })
  .openapi('LeftOut');

/** A sentence of the decision, and the figures that it stands on. */
const sentenceSchema = z.object({
  code: z.string(),
  message: localisedTextSchema,
  facts: z.record(z.string(), z.unknown()),
});

const outcomeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('recommended'), arm: armKeySchema }),
    z.object({ kind: z.literal('not-enough-evidence'), between: z.array(armKeySchema) }),
    z.object({ kind: z.literal('no-arm-fits') }),
  ])
  .openapi('DecisionOutcome');

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
        adapter: z.string().nullable().openapi({ description: 'Digest of the adapter of a tuned model' }),
        quantisation: z.string().nullable(),
      }),
    ),
    sampling: z.array(z.object({ node: z.string(), settings: z.record(z.string(), z.unknown()) })),
    answers: z.object({ made: z.int(), answered: z.int(), refused: z.int(), failed: z.int() }),
    trained: z.array(trainedModelSchema).openapi({ description: 'Empty: nothing had to be trained' }),
    diskBytes: z
      .number()
      .nullable()
      .openapi({ description: 'Texts and vectors of indexes, data sets and adapters; null: not known' }),
    peakMemory: z.number().nullable().openapi({ description: 'Bytes that models held, where the host tells' }),
    speed: z
      .object({ firstToken: quantilesSchema, total: quantilesSchema, tokensPerSecond: quantilesSchema })
      .openapi({ description: 'Seconds, but for tokens per second after the first' }),
    tokens: z
      .object({ in: z.number().nullable(), out: z.number().nullable() })
      .openapi({ description: 'Mean per answer' }),
  })
  .openapi('ReportArm');

const winsSchema = z.object({
  arm: armKeySchema,
  against: armKeySchema,
  won: z.int(),
  lost: z.int(),
  tied: z.int().openapi({ description: 'Disagreements of the two orders among them' }),
  disagreements: z.int(),
  unreadable: z.int(),
  preference: z.number().nullable().openapi({ description: 'Won minus lost over the readable pairs, from -1 to 1' }),
  interval: intervalSchema.nullable(),
  test: z
    .object({ method: z.string(), p: z.number() })
    .nullable()
    .openapi({ description: 'Before any adjustment for other comparisons' }),
});

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
      leftOut: z.array(leftOutSchema),
    }),
    metrics: z.array(reportMetricSchema).openapi({ description: 'What those of the comparison are' }),
    comparison: comparisonSchema,
    facts: z.array(armFactsSchema),
    costs: z.array(armCostSchema).openapi({ description: 'In the currency of the form' }),
    judge: z
      .object({
        host: z.string(),
        model: z.string(),
        digest: z.string().nullable(),
        prompts: z.record(z.string(), z.string()),
        pairs: z.int(),
        disagreements: z.int().openapi({ description: 'The two orders led to different verdicts: counted as ties' }),
        rubbish: z.int().openapi({ description: 'Pairs of which an answer of the judge could not be read' }),
        failed: z.int().openapi({ description: 'Pairs that the judge could not be asked about' }),
        error: errorReportSchema.nullable().openapi({ description: 'Why, the first time' }),
        wins: z.array(winsSchema),
      })
      .nullable()
      .openapi({ description: 'Null: no judge was asked, and its metrics are not applicable' }),
    labels: z.object({
      pairs: z.int(),
      labelled: z.int(),
      kappa: z.number().nullable().openapi({ description: 'Cohen’s kappa between people and the judge' }),
      kappaAbsence: z.union([localisedTextSchema, z.null()]).openapi({ description: 'Why there is no kappa' }),
      wins: z.array(winsSchema),
    }),
    form: experimentFormSchema,
    decision: z.object({
      outcome: outcomeSchema,
      headline: localisedTextSchema,
      reasons: z.array(sentenceSchema),
      excluded: z.array(sentenceSchema),
      wouldChange: z.array(sentenceSchema),
      missing: z.array(sentenceSchema).openapi({ description: 'What the form does not say, or was not measured' }),
      cannotSay: z.array(localisedTextSchema).openapi({ description: 'What this measurement cannot tell' }),
    }),
  })
  .openapi('ExperimentReport');
