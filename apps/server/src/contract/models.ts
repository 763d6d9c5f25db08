import { createRoute, errorReportSchema, jsonAnswer, jsonBody, problemAnswer, z } from './shared.ts';

/** `embedded` and a found `ollama` are there without being added; others have an id chosen by the server. */
export const modelHostSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['ollama', 'openai-compatible', 'embedded']),
    name: z.string(),
    address: z.string().nullable(),
    hasKey: z.boolean(),
    origin: z.enum(['built-in', 'found', 'added']),
  })
  .openapi('ModelHost');

export const modelSchema = z
  .object({
    host: z.string(),
    name: z.string(),
    purposes: z.array(z.enum(['chat', 'embedding', 'rerank'])),
    digest: z.string().nullable(),
    bytes: z.int().nullable(),
    contextLength: z.int().nullable(),
    dimensions: z.int().nullable(),
    quantisation: z.string().nullable(),
    licence: z.string().nullable(),
    state: z
      .enum(['ready', 'not-fetched', 'fetching'])
      .openapi({ description: 'Embedded models are fetched on demand' }),
    note: z.object({ en: z.string(), ja: z.string() }).nullable(),
  })
  .openapi('Model');

const hostInput = z.object({
  kind: z.enum(['ollama', 'openai-compatible']),
  name: z.string().min(1).max(120),
  address: z.url(),
  key: z.string().optional().openapi({
    description:
      'Kept encrypted; never comes back. In a change, leaving it out keeps the key, and an empty one takes it away',
  }),
});

const hostParameter = z.object({ id: z.string() });

export const listModelHosts = createRoute({
  method: 'get',
  path: '/api/model-hosts',
  tags: ['models'],
  responses: { 200: jsonAnswer(z.object({ items: z.array(modelHostSchema) }), 'All hosts') },
});

export const addModelHost = createRoute({
  method: 'post',
  path: '/api/model-hosts',
  tags: ['models'],
  request: { body: jsonBody(hostInput) },
  responses: { 201: jsonAnswer(modelHostSchema, 'Added'), 422: problemAnswer('The address cannot be used') },
});

export const changeModelHost = createRoute({
  method: 'put',
  path: '/api/model-hosts/{id}',
  tags: ['models'],
  request: { params: hostParameter, body: jsonBody(hostInput) },
  responses: {
    200: jsonAnswer(modelHostSchema, 'Changed'),
    404: problemAnswer('No such host'),
    422: problemAnswer('A new address needs the key again'),
  },
});

export const deleteModelHost = createRoute({
  method: 'delete',
  path: '/api/model-hosts/{id}',
  tags: ['models'],
  request: { params: hostParameter },
  responses: { 204: { description: 'Removed' }, 404: problemAnswer('No such host') },
});

export const unloadModelHost = createRoute({
  method: 'post',
  path: '/api/model-hosts/{id}/unload',
  tags: ['models'],
  description:
    'Has a host give back the memory of its idle models, for a training, say; the next question loads them again. Hosts that cannot do nothing.',
  request: { params: hostParameter },
  responses: { 204: { description: 'Given back' }, 404: problemAnswer('No such host') },
});

export const testModelHost = createRoute({
  method: 'post',
  path: '/api/model-hosts/{id}/test',
  tags: ['models'],
  request: { params: hostParameter },
  responses: {
    200: jsonAnswer(
      z.object({ reachable: z.boolean(), models: z.int(), error: errorReportSchema.nullable() }),
      'What came of it',
    ),
    404: problemAnswer('No such host'),
  },
});

export const listModels = createRoute({
  method: 'get',
  path: '/api/models',
  tags: ['models'],
  request: {
    query: z.object({ purpose: z.enum(['chat', 'embedding', 'rerank']).optional(), host: z.string().optional() }),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        items: z.array(modelSchema),
        unreachable: z.array(z.object({ host: z.string(), error: errorReportSchema })),
      }),
      'Models of all hosts; hosts that do not answer are named',
    ),
  },
});

export const pullModel = createRoute({
  method: 'post',
  path: '/api/models/pull',
  tags: ['models'],
  description: 'Fetches a model of the catalogue for the embedded host. Progress comes as server-sent events.',
  request: { body: jsonBody(z.object({ name: z.string() })) },
  responses: {
    200: {
      description: 'Events `progress` { bytes, total } and at last `done` or `error`',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    404: problemAnswer('The catalogue has no such model'),
  },
});
