import {
  createRoute,
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

/** Checked by packages/flow, not here: a document with problems may be saved as a draft, but neither built nor run. */
export const documentSchema = z.record(z.string(), z.unknown()).openapi('FlowDocument', {
  description: 'A flow document of format kumiki/flow@1',
});

export const flowSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    revision: z.int(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    latestVersion: z.int().nullable(),
    latestBuild: z.int().nullable(),
    nodes: z.int(),
  })
  .openapi('FlowSummary');

export const flowSchema = flowSummarySchema.extend({ document: documentSchema }).openapi('Flow');

export const versionSummarySchema = z
  .object({ number: z.int(), createdAt: timeSchema, nodes: z.int() })
  .openapi('VersionSummary');

export const versionSchema = versionSummarySchema.extend({ document: documentSchema }).openapi('Version');

export const builtArtifactSchema = z
  .object({
    node: z.string(),
    kind: z.string(),
    fingerprint: z.string(),
    value: z.unknown(),
    documents: z.int().nullable(),
    stale: z.boolean(),
  })
  .openapi('BuiltArtifact');

export const buildSchema = z
  .object({
    number: z.int(),
    version: z.int(),
    run: idSchema,
    createdAt: timeSchema,
    artifacts: z.array(builtArtifactSchema),
    models: z.array(z.object({ node: z.string(), host: z.string(), name: z.string(), digest: z.string().nullable() })),
  })
  .openapi('Build');

const numberParameter = z.object({ id: idSchema, number: z.coerce.number().int().min(1) });

export const createFlow = createRoute({
  method: 'post',
  path: '/api/flows',
  tags: ['flows'],
  request: { body: jsonBody(z.object({ document: documentSchema })) },
  responses: {
    201: jsonAnswer(z.object({ id: idSchema, revision: z.int() }), 'Created'),
    422: problemAnswer('The document cannot be read: broken, of an unknown format, or newer than this Kumiki'),
  },
});

export const listFlows = createRoute({
  method: 'get',
  path: '/api/flows',
  tags: ['flows'],
  request: { query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(flowSummarySchema), 'Newest change first') },
});

export const getFlow = createRoute({
  method: 'get',
  path: '/api/flows/{id}',
  tags: ['flows'],
  request: { params: idParameter },
  responses: { 200: jsonAnswer(flowSchema, 'The draft; its ETag is its revision'), 404: problemAnswer('No such flow') },
});

export const saveFlow = createRoute({
  method: 'put',
  path: '/api/flows/{id}',
  tags: ['flows'],
  request: {
    params: idParameter,
    headers: z.object({ 'if-match': z.string().optional().openapi({ description: 'The revision, quoted: "48"' }) }),
    body: jsonBody(z.object({ document: documentSchema })),
  },
  responses: {
    200: jsonAnswer(z.object({ id: idSchema, revision: z.int() }), 'Saved'),
    404: problemAnswer('No such flow'),
    412: problemAnswer('Somebody saved a newer revision'),
    422: problemAnswer('The document cannot be read'),
    428: problemAnswer('If-Match is missing'),
  },
});

export const deleteFlow = createRoute({
  method: 'delete',
  path: '/api/flows/{id}',
  tags: ['flows'],
  request: { params: idParameter },
  responses: {
    204: { description: 'Deleted' },
    404: problemAnswer('No such flow'),
    409: problemAnswer('An endpoint serves it, or another flow names it'),
  },
});

export const checkFlowRoute = createRoute({
  method: 'post',
  path: '/api/flows/check',
  tags: ['flows'],
  description: 'The problems of a document, as the editor shows them. Nothing is saved.',
  request: { body: jsonBody(z.object({ document: documentSchema })) },
  responses: { 200: jsonAnswer(z.object({ problems: z.array(z.unknown()) }), 'The problems') },
});

export const createVersion = createRoute({
  method: 'post',
  path: '/api/flows/{id}/versions',
  tags: ['flows'],
  description: 'Freezes the draft. An equal document keeps its number.',
  request: { params: idParameter, body: jsonBody(z.object({ revision: z.int() })) },
  responses: {
    201: jsonAnswer(z.object({ number: z.int() }), 'Frozen'),
    404: problemAnswer('No such flow'),
    412: problemAnswer('The draft has another revision by now'),
  },
});

export const listVersions = createRoute({
  method: 'get',
  path: '/api/flows/{id}/versions',
  tags: ['flows'],
  request: { params: idParameter, query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(versionSummarySchema), 'Newest first'), 404: problemAnswer('No such flow') },
});

export const getVersion = createRoute({
  method: 'get',
  path: '/api/flows/{id}/versions/{number}',
  tags: ['flows'],
  request: { params: numberParameter },
  responses: { 200: jsonAnswer(versionSchema, 'The version'), 404: problemAnswer('No such version') },
});

export const diffVersions = createRoute({
  method: 'get',
  path: '/api/flows/{id}/diff',
  tags: ['flows'],
  request: {
    params: idParameter,
    query: z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) }),
  },
  responses: {
    200: jsonAnswer(z.object({ diff: z.unknown() }), 'What changed'),
    404: problemAnswer('No such version'),
  },
});

export const importFlowFile = createRoute({
  method: 'put',
  path: '/api/flow-files',
  tags: ['flows'],
  description:
    'Makes or updates the flow of a file on the machine of the server; only for the command line there. The same file is always the same flow, a draft that was changed elsewhere is frozen as a version first, and folders that the flow names by relative paths are read beside the file.',
  request: { body: jsonBody(z.object({ file: z.string(), document: documentSchema })) },
  responses: {
    200: jsonAnswer(z.object({ id: idSchema, revision: z.int() }), 'The flow of that file'),
    403: problemAnswer('Not the command line of this machine'),
    422: problemAnswer('The document cannot be read'),
  },
});

export const startBuild = createRoute({
  method: 'post',
  path: '/api/flows/{id}/builds',
  tags: ['builds'],
  description:
    'Builds a version; without one, the draft is frozen first. A tuned model is kept as it is, marked stale, where only its data has changed; `retrain` names the nodes that shall tune anew.',
  request: {
    params: idParameter,
    body: jsonBody(z.object({ version: z.int().min(1).optional(), retrain: z.array(z.string()).optional() })),
  },
  responses: {
    202: jsonAnswer(z.object({ run: idSchema, version: z.int() }), 'Enqueued'),
    404: problemAnswer('No such flow or version'),
    422: problemAnswer('The flow has problems: `problems` lists them; or `retrain` names what is not held'),
  },
});

export const listBuilds = createRoute({
  method: 'get',
  path: '/api/flows/{id}/builds',
  tags: ['builds'],
  request: { params: idParameter, query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(buildSchema), 'Newest first'), 404: problemAnswer('No such flow') },
});

export const getBuild = createRoute({
  method: 'get',
  path: '/api/flows/{id}/builds/{number}',
  tags: ['builds'],
  request: { params: numberParameter },
  responses: { 200: jsonAnswer(buildSchema, 'The build'), 404: problemAnswer('No such build') },
});
