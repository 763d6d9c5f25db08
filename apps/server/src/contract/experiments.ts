import { experimentFormSchema, metricValueSchema } from './comparison.ts';
import { experimentReportSchema } from './experiment-report.ts';
import { citationSchema, usageSchema } from './runs.ts';
import {
  createRoute,
  errorReportSchema,
  idParameter,
  idSchema,
  jsonAnswer,
  jsonBody,
  listQuerySchema,
  localisedTextSchema,
  pageOf,
  problemAnswer,
  timeSchema,
  z,
} from './shared.ts';

const modelNameSchema = z.object({ host: z.string().min(1), model: z.string().min(1) });

export const armRequestSchema = z
  .object({
    name: z.string().trim().min(1).max(120).optional().openapi({ description: 'Left out: the name of the output' }),
    flow: idSchema,
    version: z.int().min(1),
    build: z.int().min(1),
    output: z.string().min(1),
  })
  .openapi('ArmRequest');

/** Facts that no document told before, and what is asked about them. */
const probeSchema = z
  .object({
    collection: idSchema.openapi({ description: 'Where they would be added; nothing is written to it' }),
    documents: z
      .array(z.object({ name: z.string().min(1).max(255), text: z.string().min(1).max(100_000) }))
      .min(1)
      .max(50),
    questions: z
      .array(z.object({ question: z.string().min(1), reference: z.string().min(1) }))
      .min(1)
      .max(50)
      .openapi({ description: 'Known is a fact whose reference stands in the answer' }),
    retrain: z.boolean().default(false).openapi({
      description: 'Trains models again that learn from the collection and retrieve nothing; it may take days',
    }),
  })
  .openapi('NewFactsProbe');

/** Asked twice with equal settings, an experiment asks the same questions in the same order. */
export const experimentSettingsSchema = z
  .object({
    name: z.string().trim().min(1).max(120),
    arms: z.array(armRequestSchema).min(1).max(12),
    baseline: z
      .int()
      .min(0)
      .default(0)
      .openapi({ description: 'Place in `arms` of the one that others are compared to' }),
    questionSet: idSchema,
    input: z.string().default('question').openapi({ description: 'The input of the flows that takes the question' }),
    repetitions: z.int().min(1).max(20).default(1),
    seed: z.int().min(0).max(2_147_483_647).optional().openapi({ description: 'Left out, one is drawn and stored' }),
    retrievedPassages: z.int().min(1).max(100).default(5).openapi({ description: 'k of recall@k and nDCG@k' }),
    embedding: modelNameSchema.nullable().default(null).openapi({ description: 'For semantic similarity; null: none' }),
    judge: modelNameSchema.nullable().default(null).openapi({ description: 'A chat model that judges; null: none' }),
    includeTrained: z.boolean().default(false).openapi({
      description: 'Also compares on questions that an arm’s model was trained on',
    }),
    probe: probeSchema.nullable().default(null).openapi({ description: 'Null: adding facts is not measured' }),
    primary: z.string().max(60).nullable().default(null).openapi({
      description:
        'Id of the metric that decides. Null: F1 of characters or of tokens, by how the references are written',
    }),
  })
  .openapi('ExperimentSettings');

export const experimentWarningSchema = z
  .object({
    code: z.enum([
      'host-differs',
      'quantisation-differs',
      'model-differs',
      'sampling-differs',
      'limit-differs',
      'model-unpinned',
      'trained-on-questions',
      'training-data-unknown',
      'few-clusters',
      'one-question',
    ]),
    arms: z.array(z.string()).openapi({ description: 'Keys of the arms concerned' }),
    message: localisedTextSchema,
  })
  .openapi('ExperimentWarning');

const stateSchema = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

export const experimentSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    run: idSchema.openapi({ description: 'Its events tell the progress; cancel it there' }),
    state: stateSchema,
    error: errorReportSchema.nullable(),
    settings: experimentSettingsSchema.extend({ seed: z.int() }).openapi({
      description: 'What POST takes, so that sending it again runs it again',
    }),
    arms: z.array(z.object({ key: z.string(), name: z.string(), flowName: z.string() })),
    questions: z.int(),
    answers: z.object({ planned: z.int(), made: z.int(), failed: z.int() }),
    warnings: z.array(experimentWarningSchema),
    form: experimentFormSchema.openapi({ description: 'What was said beside the data, so far' }),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
  })
  .openapi('Experiment');

export const createExperiment = createRoute({
  method: 'post',
  path: '/api/experiments',
  tags: ['experiments'],
  request: { body: jsonBody(experimentSettingsSchema) },
  responses: {
    201: jsonAnswer(experimentSchema, 'Enqueued'),
    404: problemAnswer('No such flow, version, build, output, question set or model'),
    409: problemAnswer('`not-built`'),
    422: problemAnswer('`acts-in-experiment`, `build-of-other-version`, `arm-repeated`, `baseline-unknown`'),
  },
});

/** For the form: all that creating it would find, without asking anything. */
export const checkExperiment = createRoute({
  method: 'post',
  path: '/api/experiments/check',
  tags: ['experiments'],
  request: { body: jsonBody(experimentSettingsSchema) },
  responses: {
    200: jsonAnswer(
      z.object({
        warnings: z.array(experimentWarningSchema),
        answers: z.int().openapi({ description: 'How many questions would be asked in all' }),
        trained: z.array(z.object({ arm: z.string(), exact: z.int(), near: z.int() })),
      }),
      'It can begin',
    ),
    404: problemAnswer('As for creating it'),
    409: problemAnswer('As for creating it'),
    422: problemAnswer('As for creating it'),
  },
});

export const listExperiments = createRoute({
  method: 'get',
  path: '/api/experiments',
  tags: ['experiments'],
  request: { query: listQuerySchema.extend({ flow: idSchema.optional() }) },
  responses: { 200: jsonAnswer(pageOf(experimentSchema), 'Newest first') },
});

export const getExperiment = createRoute({
  method: 'get',
  path: '/api/experiments/{id}',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: { 200: jsonAnswer(experimentSchema, 'The experiment'), 404: problemAnswer('No such experiment') },
});

export const deleteExperiment = createRoute({
  method: 'delete',
  path: '/api/experiments/{id}',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: {
    204: { description: 'Deleted, with its answers' },
    404: problemAnswer('No such experiment'),
    409: problemAnswer('`experiment-under-way`: cancel its run first'),
  },
});

export const experimentAnswerSchema = z
  .object({
    arm: z.string(),
    repetition: z.int(),
    state: z.enum(['answered', 'refused', 'failed']),
    text: z.string().nullable(),
    citations: z.array(citationSchema),
    passages: z.array(z.object({ documentId: z.string(), documentName: z.string(), text: z.string() })),
    scores: z.record(z.string(), metricValueSchema).openapi({ description: 'By metric, in the metric’s own unit' }),
    firstTokenMilliseconds: z.number().nullable(),
    totalMilliseconds: z.number(),
    usage: usageSchema.nullable(),
    error: errorReportSchema.nullable(),
  })
  .openapi('ExperimentAnswer');

const judgementSchema = z.object({
  arms: z.tuple([z.string(), z.string()]),
  preferred: z.string().nullable().openapi({ description: 'Key of an arm; null: a tie, or the two orders disagree' }),
  agreed: z.boolean().openapi({ description: 'Whether both orders led to the same verdict' }),
  reasons: z.array(z.string()),
});

export const experimentRowSchema = z
  .object({
    number: z.int(),
    id: z.string(),
    question: z.string(),
    references: z.array(z.string()),
    topic: z.string().nullable(),
    cluster: z.string(),
    answerable: z.boolean(),
    leftOut: z.boolean().openapi({ description: 'Not part of comparisons: an arm’s model was trained on it' }),
    difference: z.number().nullable().openapi({ description: 'Best arm less worst, in the main metric' }),
    answers: z.array(experimentAnswerSchema),
    judgements: z.array(judgementSchema),
  })
  .openapi('ExperimentRow');

export const listExperimentRows = createRoute({
  method: 'get',
  path: '/api/experiments/{id}/rows',
  tags: ['experiments'],
  request: {
    params: idParameter,
    query: listQuerySchema.extend({
      order: z.enum(['number', 'difference']).default('number').openapi({ description: '`difference`: widest first' }),
      topic: z.string().optional(),
    }),
  },
  responses: {
    200: jsonAnswer(pageOf(experimentRowSchema), 'Questions with the answers of all arms side by side'),
    404: problemAnswer('No such experiment'),
  },
});

export const putExperimentForm = createRoute({
  method: 'put',
  path: '/api/experiments/{id}/form',
  tags: ['experiments'],
  request: { params: idParameter, body: jsonBody(experimentFormSchema) },
  responses: { 200: jsonAnswer(experimentFormSchema, 'Kept'), 404: problemAnswer('No such experiment') },
});

export const getExperimentReport = createRoute({
  method: 'get',
  path: '/api/experiments/{id}/report',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: {
    200: jsonAnswer(experimentReportSchema, 'The report on what was answered; whole once the run has succeeded'),
    404: problemAnswer('No such experiment'),
    409: problemAnswer('`experiment-under-way`: its run has not ended'),
  },
});

export const getExperimentAnswersCsv = createRoute({
  method: 'get',
  path: '/api/experiments/{id}/answers.csv',
  tags: ['experiments'],
  description:
    'One row for each arm, question and repetition, with a column for each metric. UTF-8 with a byte order mark.',
  request: { params: idParameter },
  responses: { 200: { description: 'CSV' }, 404: problemAnswer('No such experiment') },
});

/** Two answers to one question, blind to the arms that gave them: which stands left is drawn by the seed. */
export const labelPairSchema = z
  .object({
    pair: z.int(),
    question: z.string(),
    references: z.array(z.string()),
    left: z.string(),
    right: z.string(),
    verdict: z.enum(['left', 'right', 'tie']).nullable().openapi({ description: 'What this person said before' }),
  })
  .openapi('LabelPair');

export const listLabelPairs = createRoute({
  method: 'get',
  path: '/api/experiments/{id}/labels',
  tags: ['experiments'],
  request: {
    params: idParameter,
    query: listQuerySchema.extend({
      unlabelled: z
        .enum(['true', 'false'])
        .default('true')
        .openapi({ description: '`true`: only those without a verdict' }),
    }),
  },
  responses: {
    200: jsonAnswer(
      pageOf(labelPairSchema).extend({ labelled: z.int(), total: z.int() }),
      'Pairs in an order that the seed draws',
    ),
    404: problemAnswer('No such experiment'),
    409: problemAnswer('`experiment-under-way`'),
  },
});

export const putLabel = createRoute({
  method: 'put',
  path: '/api/experiments/{id}/labels/{pair}',
  tags: ['experiments'],
  request: {
    params: idParameter.extend({ pair: z.coerce.number().int().min(0) }),
    body: jsonBody(z.object({ verdict: z.enum(['left', 'right', 'tie']).nullable() })),
  },
  responses: {
    200: jsonAnswer(labelPairSchema, 'Kept; null takes it back'),
    404: problemAnswer('No such experiment, or `label-pair-unknown`'),
    409: problemAnswer('`experiment-under-way`'),
  },
});
