import { slugSchema } from './endpoints.ts';
import { citationSchema, usageSchema } from './runs.ts';
import { createRoute, idSchema, jsonAnswer, jsonBody, problemAnswer, z } from './shared.ts';

export const answerSchema = z
  .object({
    output: z.unknown(),
    citations: z.array(citationSchema),
    usage: usageSchema,
    run: idSchema,
    arm: z.object({ flow: idSchema, version: z.int(), build: z.int(), output: z.string() }),
  })
  .openapi('Answer');

export const callEndpoint = createRoute({
  method: 'post',
  path: '/v1/endpoints/{slug}',
  tags: ['v1'],
  description:
    'Asks. With `Accept: text/event-stream` the text comes as events `delta` { text } and at last `answer` or `error`; with `Prefer: respond-async` the run goes on by itself.',
  request: {
    params: z.object({ slug: slugSchema }),
    headers: z.object({
      'idempotency-key': z.string().min(1).max(200).optional(),
      prefer: z.string().optional(),
    }),
    body: jsonBody(
      z.object({
        inputs: z.record(z.string(), z.unknown()),
        conversation: z.string().max(200).optional(),
        subject: z.string().max(200).optional(),
      }),
    ),
  },
  responses: {
    200: jsonAnswer(answerSchema, 'The answer'),
    202: jsonAnswer(z.object({ run: idSchema }), 'Accepted; `Location` tells where the run is'),
    401: problemAnswer('No key, or an unknown one'),
    403: problemAnswer('The key may not call this endpoint'),
    404: problemAnswer('No such endpoint'),
    409: problemAnswer('`not-built` or `model-changed`'),
    422: problemAnswer('An input is missing or of the wrong kind; the key was used with another body'),
    503: problemAnswer('The model host or the database is down; see Retry-After'),
  },
});

export const getEndpointDocument = createRoute({
  method: 'get',
  path: '/v1/endpoints/{slug}/openapi.json',
  tags: ['v1'],
  request: { params: z.object({ slug: slugSchema }) },
  responses: {
    200: jsonAnswer(z.record(z.string(), z.unknown()), 'OpenAPI 3.1 of this endpoint'),
    404: problemAnswer('No such endpoint'),
  },
});

export const getOwnRun = createRoute({
  method: 'get',
  path: '/v1/runs/{id}',
  tags: ['v1'],
  request: { params: z.object({ id: idSchema }) },
  responses: {
    200: jsonAnswer(
      z.object({
        id: idSchema,
        state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
        answer: answerSchema.nullable(),
        error: z.unknown().nullable(),
      }),
      'The run',
    ),
    404: problemAnswer('No such run of this key'),
  },
});
