import {
  createRoute,
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

const passageNameSchema = z
  .object({
    document: z
      .string()
      .optional()
      .openapi({ description: 'Id or name of the document; all of it counts where no text is given' }),
    text: z.string().optional().openapi({ description: 'What has to stand in a passage for it to count as found' }),
  })
  .refine(({ document, text }) => document !== undefined || text !== undefined, 'Name a document, a text, or both');

/** One question to measure arms with. */
export const questionSchema = z
  .object({
    id: z.string().min(1).max(200).optional().openapi({ description: 'Left out, it is numbered' }),
    question: z.string(),
    references: z.array(z.string()).default([]).openapi({ description: 'Right answers; the best match counts' }),
    passages: z.array(passageNameSchema).default([]).openapi({ description: 'Where the answer stands, if known' }),
    topic: z.string().max(200).nullable().default(null),
    cluster: z.string().max(500).nullable().default(null).openapi({
      description:
        'Questions on one conversation or document are not independent of one another; null: it stands for itself',
    }),
    answerable: z.boolean().default(true).openapi({ description: 'False: the documents do not tell, so refuse' }),
    inputs: z
      .record(z.string(), z.unknown())
      .default({})
      .openapi({ description: 'Values of further inputs of the flows' }),
  })
  .openapi('Question');

export const questionSetSourceSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('rows'), rows: z.array(z.unknown()).max(100_000) }),
    z.object({ kind: z.literal('file'), file: idSchema }).openapi({
      description: 'A file of `POST /api/files`: JSONL, CSV, TSV or XLSX with the names of a question as columns',
    }),
    z.object({
      kind: z.literal('conversations'),
      collection: idSchema,
      names: z.array(z.string()).optional().openapi({ description: 'Of its files; left out: all' }),
    }),
    z.object({
      kind: z.literal('feedback'),
      endpoint: z.string(),
      lowestScore: z
        .number()
        .min(0)
        .max(1)
        .default(0.7)
        .openapi({ description: 'From which an answer is a reference' }),
    }),
  ])
  .openapi('QuestionSetSource');

/** One reason for which rows were left out or changed, and the first places. */
export const rowFindingSchema = z
  .object({
    code: z.enum([
      'row-unreadable',
      'question-missing',
      'reference-missing',
      'row-duplicate',
      'row-too-long',
      'document-unreadable',
    ]),
    leftOut: z.boolean().openapi({ description: 'False: the rows are kept, and something about them is to be known' }),
    message: localisedTextSchema,
    count: z.int(),
    places: z.array(
      z.object({ document: z.string().nullable(), line: z.int().nullable(), question: z.string(), detail: z.string() }),
    ),
  })
  .openapi('RowFinding');

export const questionSetSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    sha256: z.string().openapi({ description: 'Of its rows as JSON Lines: what `…/file` gives' }),
    redacted: z
      .boolean()
      .openapi({ description: 'Rows were forgotten since, so the rows are no longer those of the hash' }),
    source: z.enum(['rows', 'file', 'conversations', 'feedback']),
    counts: z.object({
      rows: z.int(),
      clusters: z.int(),
      withReference: z.int(),
      withPassages: z.int(),
      unanswerable: z.int(),
      topics: z.int(),
    }),
    findings: z.array(rowFindingSchema),
    createdAt: timeSchema,
  })
  .openapi('QuestionSet');

const storedQuestionSchema = questionSchema
  .extend({ id: z.string(), number: z.int(), cluster: z.string() })
  .openapi('StoredQuestion');

export const createQuestionSet = createRoute({
  method: 'post',
  path: '/api/question-sets',
  tags: ['experiments'],
  description:
    'Reads questions and freezes those that can be asked. What was wrong with others is listed in `findings`.',
  request: {
    body: jsonBody(z.object({ name: z.string().trim().min(1).max(120), source: questionSetSourceSchema })),
  },
  responses: {
    201: jsonAnswer(questionSetSchema, 'Frozen'),
    404: problemAnswer('No such file, collection or endpoint'),
    413: problemAnswer('Too large'),
    422: problemAnswer('`questions-none`: no row can be asked; `findings` of the problem say why'),
  },
});

export const listQuestionSets = createRoute({
  method: 'get',
  path: '/api/question-sets',
  tags: ['experiments'],
  request: { query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(questionSetSchema), 'Newest first') },
});

export const getQuestionSet = createRoute({
  method: 'get',
  path: '/api/question-sets/{id}',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: { 200: jsonAnswer(questionSetSchema, 'The question set'), 404: problemAnswer('No such question set') },
});

export const listQuestions = createRoute({
  method: 'get',
  path: '/api/question-sets/{id}/questions',
  tags: ['experiments'],
  request: { params: idParameter, query: listQuerySchema },
  responses: {
    200: jsonAnswer(pageOf(storedQuestionSchema), 'In their order'),
    404: problemAnswer('No such question set'),
  },
});

export const getQuestionSetFile = createRoute({
  method: 'get',
  path: '/api/question-sets/{id}/file',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: { 200: { description: 'All rows as JSON Lines' }, 404: problemAnswer('No such question set') },
});

export const deleteQuestionSet = createRoute({
  method: 'delete',
  path: '/api/question-sets/{id}',
  tags: ['experiments'],
  request: { params: idParameter },
  responses: {
    204: { description: 'Deleted' },
    404: problemAnswer('No such question set'),
    409: problemAnswer('`question-set-in-use`: an experiment asked it'),
  },
});
