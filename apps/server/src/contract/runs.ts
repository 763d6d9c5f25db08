import {
  createRoute,
  errorReportSchema,
  idempotencyKeySchema,
  idParameter,
  idSchema,
  jsonAnswer,
  jsonBody,
  listQuerySchema,
  pageOf,
  problemAnswer,
  timeSchema,
  z,
} from './shared.ts';

const runKindSchema = z.enum(['build', 'question', 'experiment']);

export const usageSchema = z.object({ promptTokens: z.int(), completionTokens: z.int() }).openapi('TokenUsage');

export const citationSchema = z
  .object({
    number: z.int().openapi({ description: 'What stands between the brackets in the answer' }),
    kind: z.enum(['marker', 'sentence']).openapi({
      description: '`marker`: the model wrote it and it was checked; `sentence`: found by comparing sentences',
    }),
    documentId: z.string(),
    documentName: z.string(),
    headings: z.array(z.string()),
    page: z.int().nullable(),
    start: z.int(),
    end: z.int(),
    text: z.string(),
    quote: z.string(),
    answerStart: z.int(),
    answerEnd: z.int(),
  })
  .openapi('Citation');

export const outputSchema = z
  .discriminatedUnion('state', [
    z.object({ state: z.literal('answered'), value: z.unknown(), citations: z.array(citationSchema) }),
    z.object({ state: z.literal('skipped') }),
  ])
  .openapi('Output');

export const runSchema = z
  .object({
    id: idSchema,
    kind: runKindSchema,
    flow: idSchema,
    version: z.int().nullable(),
    build: z.int().nullable(),
    state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
    inputs: z.record(z.string(), z.unknown()),
    outputs: z.record(z.string(), outputSchema).nullable(),
    usage: usageSchema.nullable(),
    error: errorReportSchema.nullable(),
    endpoint: z.string().nullable(),
    subject: z.string().nullable().openapi({ description: 'The person whom a caller of the endpoint asked for' }),
    conversation: z.string().nullable(),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    endedAt: timeSchema.nullable(),
  })
  .openapi('Run');

export const feedbackSchema = z
  .object({
    caller: z.string().openapi({ description: 'Id of the API key; `session` or `local` for the team itself' }),
    score: z.number(),
    comment: z.string().nullable(),
    updatedAt: timeSchema,
  })
  .openapi('Feedback');

const countsSchema = z.record(z.string(), z.object({ documents: z.int().nullable(), items: z.int() }));

const trainingPointSchema = z
  .object({
    step: z.int().openapi({
      description: 'The same step may come again after a training went on from a checkpoint: the later one counts',
    }),
    at: z.number().optional().openapi({ description: 'When it was measured, in milliseconds since 1970' }),
    loss: z.number().optional(),
    evaluationLoss: z.number().optional(),
    learningRate: z.number().optional(),
    gradientNorm: z.number().optional(),
    tokensPerSecond: z.number().optional(),
    memory: z.number().optional().openapi({ description: 'Bytes of the trainer' }),
    deviceMemory: z.number().optional().openapi({ description: 'Bytes on the GPU' }),
  })
  .openapi('TrainingPoint');

const trainingReportSchema = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('estimate'),
        verdict: z.enum(['fits', 'tight', 'will-not-fit']),
        memory: z.object({
          needed: z.number(),
          free: z.number(),
          held: z.number().openapi({ description: 'By loaded models, which can be unloaded' }),
          device: z.enum(['cpu', 'cuda']),
        }),
        seconds: z.number(),
        steps: z.int(),
      })
      .openapi({ description: 'Told first of all; memory in bytes' }),
    z.object({
      type: z.literal('state'),
      state: z.enum(['installing', 'preparing', 'training', 'saving']),
      share: z.number().nullable(),
    }),
    z.object({
      type: z.literal('plan'),
      steps: z.int(),
      resumedFrom: z.int(),
      rows: z.object({ train: z.int(), evaluation: z.int() }),
    }),
    z.object({
      type: z.literal('points'),
      points: z.array(trainingPointSchema),
      remainingSeconds: z.number().nullable(),
    }),
    z.object({ type: z.literal('samples'), step: z.int(), answers: z.array(z.string()) }),
    z.object({
      type: z.literal('row-left-out'),
      id: z.string(),
      reason: z.enum(['no-trained-tokens', 'role-order', 'too-long']),
    }),
  ])
  .openapi('TrainingReport', { description: 'What a node that trains tells while it goes on' });

/** The events of a run as the SSE stream carries them: the SSE id is the sequence number, the SSE event the type. */
export const runEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('run-start'), kind: runKindSchema, at: timeSchema }),
    z.object({ type: z.literal('node-start'), node: z.string(), at: timeSchema }),
    z.object({
      type: z.literal('node-progress'),
      node: z.string(),
      done: z.number(),
      total: z.number().nullable(),
      unit: z.enum(['documents', 'chunks', 'tokens', 'steps']),
      waitingFor: z
        .enum(['gpu'])
        .nullable()
        .openapi({ description: 'What the node waits for before it starts, since others may have it' }),
      training: trainingReportSchema.optional(),
    }),
    z
      .object({
        type: z.literal('experiment-progress'),
        stage: z.enum(['asking', 'scoring', 'judging', 'probing']),
        done: z.int(),
        total: z.int(),
        failed: z.int(),
        arm: z.string().nullable(),
        remainingSeconds: z
          .number()
          .nullable()
          .openapi({ description: 'Of this stage, from how long it took so far; null before that is known' }),
        at: timeSchema,
      })
      .openapi({ description: 'Of an experiment, which has no nodes of its own: at most once a second' }),
    z.object({ type: z.literal('text-delta'), node: z.string(), output: z.string(), text: z.string() }),
    z.object({
      type: z.literal('node-end'),
      node: z.string(),
      state: z.enum(['succeeded', 'reused', 'skipped', 'failed', 'cancelled']),
      milliseconds: z.number(),
      counts: countsSchema,
      sample: z.record(z.string(), z.array(z.unknown())),
      usage: usageSchema.nullable(),
      warnings: z.array(z.object({ code: z.string(), message: z.object({ en: z.string(), ja: z.string() }) })),
      documentErrors: z.array(z.object({ id: z.string(), error: errorReportSchema })),
      error: errorReportSchema.nullable(),
    }),
    z.object({
      type: z.literal('run-end'),
      state: z.enum(['succeeded', 'failed', 'cancelled']),
      outputs: z.record(z.string(), outputSchema).nullable(),
      usage: usageSchema.nullable(),
      error: errorReportSchema.nullable(),
      build: z.int().nullable(),
      at: timeSchema,
    }),
  ])
  .openapi('RunEvent');

export const startRun = createRoute({
  method: 'post',
  path: '/api/flows/{id}/runs',
  tags: ['runs'],
  description:
    'Asks a flow. Without `version`, the draft is frozen first; without `build`, artifacts are found by fingerprint.',
  request: {
    params: idParameter,
    headers: z.object({ 'idempotency-key': idempotencyKeySchema }),
    body: jsonBody(
      z.object({
        version: z.int().min(1).optional(),
        build: z.int().min(1).optional(),
        inputs: z.record(z.string(), z.unknown()).default({}),
        output: z.string().optional(),
        only: z.array(z.string()).optional(),
      }),
    ),
  },
  responses: {
    202: jsonAnswer(z.object({ id: idSchema }), 'Enqueued'),
    404: problemAnswer('No such flow, version or build'),
    409: problemAnswer('`not-built`: the nodes that have no artifact yet are named'),
    422: problemAnswer('The flow has problems, or an input is missing'),
  },
});

export const listRuns = createRoute({
  method: 'get',
  path: '/api/runs',
  tags: ['runs'],
  request: {
    query: listQuerySchema.extend({
      flow: idSchema.optional(),
      kind: runKindSchema.optional(),
      state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).optional(),
      endpoint: z.string().optional().openapi({ description: 'Slug of the endpoint that was called' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(runSchema), 'Newest first'), 404: problemAnswer('No such endpoint') },
});

export const getRun = createRoute({
  method: 'get',
  path: '/api/runs/{id}',
  tags: ['runs'],
  request: { params: idParameter },
  responses: {
    200: jsonAnswer(runSchema.extend({ feedback: z.array(feedbackSchema) }), 'The run, and what callers think of it'),
    404: problemAnswer('No such run'),
  },
});

export const streamRunEvents = createRoute({
  method: 'get',
  path: '/api/runs/{id}/events',
  tags: ['runs'],
  request: { params: idParameter, headers: z.object({ 'last-event-id': z.string().optional() }) },
  responses: {
    200: { description: 'The events, live or replayed', content: { 'text/event-stream': { schema: runEventSchema } } },
    204: { description: 'Nothing after Last-Event-ID: the run has ended' },
    404: problemAnswer('No such run'),
  },
});

export const stopNode = createRoute({
  method: 'post',
  path: '/api/runs/{id}/nodes/{node}/stop',
  tags: ['runs'],
  description:
    'Asks a node that trains to end early and to keep the best that it has by now. The run goes on with that, unlike one that is cancelled. `node` is its path, with `/` written as %2F.',
  request: { params: idParameter.extend({ node: z.string().min(1) }) },
  responses: {
    202: jsonAnswer(runSchema, 'Asked; the node ends when its step under way does'),
    404: problemAnswer('No such run'),
    409: problemAnswer('The run has ended'),
    422: problemAnswer('`node-not-stoppable`: the run has no node of that name that trains'),
  },
});

export const cancelRun = createRoute({
  method: 'post',
  path: '/api/runs/{id}/cancel',
  tags: ['runs'],
  request: { params: idParameter },
  responses: { 202: jsonAnswer(runSchema, 'Cancelling, or already at its end'), 404: problemAnswer('No such run') },
});
