import {
  createRoute,
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

const namingBuildSchema = z.object({ flow: idSchema, number: z.int() });
const dryRunSchema = z.boolean().default(false).openapi({ description: 'Tells what would go, and changes nothing' });

export const artifactSchema = z
  .object({
    fingerprint: z.string(),
    lineage: z.string(),
    nodeType: z.string(),
    bytes: z.int().nullable().openapi({ description: 'Null where it is not known' }),
    redacted: z.boolean().openapi({ description: 'Something in it was forgotten: no build finds it again' }),
    createdAt: timeSchema,
    usedAt: timeSchema.openapi({ description: 'When a run last found or made it, to within an hour' }),
    builds: z.array(namingBuildSchema),
  })
  .openapi('Artifact');

export const listArtifacts = createRoute({
  method: 'get',
  path: '/api/artifacts',
  tags: ['data'],
  request: { query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(artifactSchema), 'Newest first, each with the builds that name it') },
});

const splitSchema = z.enum(['train', 'evaluation']);

export const exampleSchema = z
  .object({
    id: z.string(),
    documents: z.array(z.string()).openapi({ description: 'Ids of the documents that it was made from' }),
    group: z.string().openapi({ description: 'What no split tears apart: a conversation' }),
    split: splitSchema,
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    trained: z.array(z.int()).openapi({ description: 'Places in `messages` of the answers that are learnt' }),
    passages: z
      .array(z.object({ documentId: z.string(), documentName: z.string(), ordinal: z.int(), text: z.string() }))
      .nullable()
      .openapi({ description: 'What retrieval would have given for the last user message, where that was asked' }),
  })
  .openapi('Example');

const dataSetNoteSchema = z
  .object({
    code: z.string(),
    message: localisedTextSchema,
    count: z.int().openapi({ description: 'How often it was met; of the places, only the first are listed' }),
    places: z.array(z.object({ document: z.string(), line: z.int().nullable(), detail: z.string() })),
  })
  .openapi('DataSetNote');

export const listExamples = createRoute({
  method: 'get',
  path: '/api/artifacts/{fingerprint}/examples',
  tags: ['data'],
  description: 'Pages through the examples of a data set, in the order in which they were made.',
  request: {
    params: z.object({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }),
    query: listQuerySchema.extend({ split: splitSchema.optional() }),
  },
  responses: {
    200: jsonAnswer(
      pageOf(exampleSchema).extend({
        examples: z.object({ train: z.int(), evaluation: z.int() }),
        report: z.array(dataSetNoteSchema).openapi({ description: 'What was left out, merged, masked or moved' }),
      }),
      'The next examples, with what is to be known of the whole',
    ),
    400: problemAnswer('`cursor-invalid`'),
    404: problemAnswer('`artifact-unknown`, or `dataset-missing` where its contents are gone'),
    422: problemAnswer('`artifact-without-examples`: it is no data set'),
  },
});

export const collectArtifacts = createRoute({
  method: 'post',
  path: '/api/artifacts/collect',
  tags: ['data'],
  description:
    'Takes away what no build names and nobody used for the time of grace (KUMIKI_GRACE_HOURS). It is done every hour anyway.',
  request: { body: jsonBody(z.object({ dryRun: dryRunSchema })) },
  responses: {
    200: jsonAnswer(
      z.object({
        dryRun: z.boolean(),
        artifacts: z.int(),
        indexes: z.int().openapi({ description: 'Whole indexes' }),
        generations: z.int().openapi({ description: 'Of indexes that stay' }),
        documents: z.int(),
        chunks: z.int(),
        vectors: z.int().openapi({ description: 'Cached ones of models that no index is made with any more' }),
        contents: z.int().openapi({ description: 'Files of the blob store that nothing names' }),
        contentBytes: z.int(),
      }),
      'What would go, or went',
    ),
  },
});

const documentNameSchema = z.union([
  z.object({ collection: z.string().min(1).max(120), name: z.string().min(1).max(255) }),
  z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
]);

const redactedSchema = z.object({ fingerprint: z.string(), nodeType: z.string() });

export const forgottenSchema = z
  .object({
    state: z.enum(['would-go', 'gone', 'waiting']).openapi({
      description:
        '`waiting`: gone, and gone over once more when the runs have ended that were under way and may write again what they had read',
    }),
    files: z.array(z.object({ collection: z.string().nullable(), name: z.string(), sha256: z.string() })),
    indexed: z.object({ indexes: z.int(), documents: z.int(), chunks: z.int() }),
    runs: z.int().openapi({ description: 'Of a document: they lose what they held. Of a person: they go' }),
    artifacts: z.array(redactedSchema),
    builds: z.array(namingBuildSchema).openapi({ description: 'They go on serving without the document' }),
    models: z
      .array(redactedSchema)
      .openapi({ description: 'Tuned models that may have learned from it: train them anew' }),
  })
  .openapi('Forgotten');

export const forget = createRoute({
  method: 'post',
  path: '/api/forget',
  tags: ['data'],
  description:
    'Takes a document, with its earlier contents, or a person out of everything that is stored. A collection is given by its id or name.',
  request: {
    body: jsonBody(
      z.union([
        z.object({ document: documentNameSchema, dryRun: dryRunSchema }),
        z.object({ subject: z.string().min(1).max(200), dryRun: dryRunSchema }),
      ]),
    ),
  },
  responses: {
    200: jsonAnswer(forgottenSchema, 'What would go, or went'),
    422: problemAnswer('Neither a document nor a person'),
  },
});
