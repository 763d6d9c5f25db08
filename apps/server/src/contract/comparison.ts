import { z } from './shared.ts';

/** What packages/evals makes of answers, as the report carries it: plain data of the very same shape. */

const metricNameSchema = z.string().openapi({ example: 'character-f1' });
const armKeySchema = z.string();

export const metricValueSchema = z
  .union([z.number(), z.object({ notApplicable: z.string() })])
  .openapi('MetricValue', { description: 'Where a metric does not apply, the reason; never 0' });

export const intervalSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('interval'), low: z.number(), high: z.number() }),
    z.object({ kind: z.literal('too-few-clusters'), clusters: z.int(), needed: z.int() }),
    z.object({ kind: z.literal('no-variation') }),
  ])
  .openapi('Interval', { description: '95%, or why there is none' });

const comparedMetricSchema = z.object({
  id: metricNameSchema,
  kind: z.enum(['right-wrong', 'score', 'amount']),
  unit: z.enum(['share', 'seconds', 'tokens', 'bytes']),
  better: z.enum(['higher', 'lower']),
  range: z.tuple([z.number(), z.number().nullable()]),
});

const estimateSchema = z
  .object({
    mean: z.number(),
    median: z.number(),
    p95: z.number(),
    rows: z.int(),
    clusters: z.int(),
    interval: intervalSchema,
  })
  .openapi('Estimate');

const leftOutCountSchema = z.object({ reason: z.string(), rows: z.int() });

const armSummarySchema = z
  .object({
    arm: armKeySchema,
    own: estimateSchema.nullable().openapi({ description: 'Over all rows in which the arm has a value' }),
    common: estimateSchema
      .nullable()
      .openapi({ description: 'Over rows in which every arm has one: only these can be set side by side' }),
    leftOut: z.array(leftOutCountSchema),
  })
  .openapi('ArmSummary');

const powerNoteSchema = z
  .object({
    power: z.number(),
    level: z.number(),
    rows: z.int(),
    clusters: z.int(),
    visible: z.number().openapi({ description: 'The smallest true difference that is found with this power' }),
    wanted: z.number(),
    neededRows: z.number(),
    neededClusters: z.number(),
  })
  .openapi('PowerNote');

const differenceSchema = z
  .object({
    arm: armKeySchema,
    against: armKeySchema,
    rows: z.int(),
    clusters: z.int(),
    means: z.object({ arm: z.number(), against: z.number() }),
    mean: z.number().openapi({ description: 'Arm minus against' }),
    interval: intervalSchema,
    test: z
      .object({
        method: z.enum(['sign-flip-exact', 'sign-flip-sampled', 'cluster-t']),
        p: z.number(),
        adjusted: z.number().openapi({ description: 'After Holm' }),
      })
      .nullable(),
    shown: z.boolean().openapi({ description: 'The interval leaves zero out, and so does the test after Holm' }),
    effect: z.object({
      standardised: z.number().nullable(),
      better: z.int(),
      worse: z.int(),
      equal: z.int(),
    }),
    power: powerNoteSchema.nullable(),
    leftOut: z.array(leftOutCountSchema.extend({ arm: armKeySchema })),
  })
  .openapi('Difference');

const topicSummarySchema = z
  .object({
    topic: z.string(),
    arms: z.array(z.object({ arm: armKeySchema, estimate: estimateSchema.nullable() })),
    differences: z.array(
      z.object({
        arm: armKeySchema,
        against: armKeySchema,
        rows: z.int(),
        clusters: z.int(),
        mean: z.number(),
        interval: intervalSchema,
      }),
    ),
  })
  .openapi('TopicSummary');

export const comparisonSchema = z
  .object({
    baseline: armKeySchema,
    primary: metricNameSchema,
    seed: z.int(),
    rows: z.int(),
    clusters: z.int(),
    arms: z.array(
      z.object({
        arm: armKeySchema,
        measured: z.int().openapi({ description: 'Rows with at least one measured repetition' }),
        leftOut: z.array(leftOutCountSchema),
        asked: z.int().openapi({ description: 'Answers that were measured or failed' }),
        failed: z.int(),
      }),
    ),
    metrics: z.array(
      z.object({
        metric: comparedMetricSchema,
        arms: z.array(armSummarySchema),
        differences: z
          .array(differenceSchema)
          .openapi({ description: 'Every pair once; those with the baseline first' }),
        incomparable: z.array(z.object({ arm: armKeySchema, against: armKeySchema })),
        topics: z.array(topicSummarySchema),
      }),
    ),
  })
  .openapi('Comparison');

const workSchema = {
  cpuSeconds: z.number().nullable(),
  gpuSeconds: z.number().nullable(),
  kilowattHours: z.number().nullable(),
};

const latencySchema = z
  .object({ p50: z.number(), p95: z.number(), answers: z.int() })
  .openapi({ description: 'Seconds' });

export const armFactsSchema = z
  .object({
    arm: armKeySchema,
    preparation: z.object({ ...workSchema, seconds: z.number() }).nullable(),
    newFacts: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('no-way-in') }),
        z.object({
          kind: z.literal('measured'),
          seconds: z.number(),
          retrains: z.boolean(),
          work: z.object(workSchema),
          asked: z.int(),
          known: z.int(),
        }),
      ])
      .nullable(),
    latency: z.object({ firstToken: latencySchema.nullable(), total: latencySchema.nullable() }),
    perThousandAnswers: z
      .object({ ...workSchema, tokensIn: z.number().nullable(), tokensOut: z.number().nullable() })
      .nullable(),
  })
  .openapi('ArmFacts', { description: 'What was measured beside answers; null: not measured' });

export const armCostSchema = z
  .object({
    arm: armKeySchema,
    preparation: z.number().nullable(),
    perThousandAnswers: z.number().nullable(),
    monthly: z.number().nullable(),
  })
  .openapi('ArmCost');

const priceSchema = z.number().nonnegative().nullable().default(null);
const wholePriceSchema = z.number().nonnegative().nullable();

/** What the data cannot tell. What is null was not said, and the report says that it is missing. */
export const experimentFormSchema = z
  .object({
    factsChange: z
      .union([z.object({ everyDays: z.number().positive() }), z.literal('never')])
      .nullable()
      .default(null),
    latencyLimit: z
      .object({ of: z.enum(['firstToken', 'total']), seconds: z.number().positive() })
      .nullable()
      .default(null)
      .openapi({ description: '19 of 20 answers have to be there within so many seconds' }),
    budget: z.object({ preparation: wholePriceSchema, monthly: wholePriceSchema }).nullable().default(null),
    questionsPerMonth: z.number().nonnegative().nullable().default(null),
    prices: z
      .object({
        currency: z.string().trim().min(1).max(8),
        cpuHour: priceSchema,
        gpuHour: priceSchema,
        kilowattHour: priceSchema,
        millionTokensIn: priceSchema,
        millionTokensOut: priceSchema,
      })
      .nullable()
      .default(null),
    smallestDifference: z
      .number()
      .positive()
      .max(1)
      .nullable()
      .default(null)
      .openapi({ description: 'Of the main metric, that is worth a dearer preparation: 0.05 is 5 points' }),
  })
  .openapi('ExperimentForm');
