import { slugSchema } from './endpoints.ts';
import { citationSchema, usageSchema } from './runs.ts';
import { createRoute, idempotencyKeyParameter, idSchema, jsonAnswer, jsonBody, problemAnswer, z } from './shared.ts';

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
  parameters: [idempotencyKeyParameter, { in: 'header', name: 'prefer', required: false, schema: { type: 'string' } }],
  request: {
    params: z.object({ slug: slugSchema }),
    body: jsonBody(
      z.object({
        inputs: z.record(z.string(), z.unknown()),
        conversation: z.string().min(1).max(200).optional().openapi({
          description: 'What was said under this name is put in front; what is said now is kept once it is answered',
        }),
        subject: z.string().max(200).optional().openapi({ description: 'The person who asks, in words of the caller' }),
      }),
    ),
  },
  responses: {
    200: jsonAnswer(answerSchema, 'The answer'),
    202: jsonAnswer(z.object({ run: idSchema }), 'Accepted; `Location` tells where the run is'),
    401: problemAnswer('No key, or an unknown one'),
    403: problemAnswer('The key may not call this endpoint'),
    404: problemAnswer('No such endpoint'),
    409: problemAnswer('`not-built`, `model-changed` or `adapter-not-served`'),
    422: problemAnswer(
      'An input is missing or of the wrong kind; the key was used with another body; `conversation-unclear`',
    ),
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

/** Errors of routes in OpenAI's shape. */
export const openAiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .openapi('OpenAiError');

const servedModelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.literal('kumiki'),
});

function openAiAnswer(description: string) {
  return { description, content: { 'application/json': { schema: openAiErrorSchema } } } as const;
}

export const listServedModels = createRoute({
  method: 'get',
  path: '/v1/models',
  tags: ['v1'],
  description: "The endpoints that the key may call, in OpenAI's shape.",
  responses: {
    200: jsonAnswer(z.object({ object: z.literal('list'), data: z.array(servedModelSchema) }), 'By slug'),
    401: openAiAnswer('No key, or an unknown one'),
  },
});

export const getServedModel = createRoute({
  method: 'get',
  path: '/v1/models/{slug}',
  tags: ['v1'],
  request: { params: z.object({ slug: z.string() }) },
  responses: { 200: jsonAnswer(servedModelSchema, 'The endpoint'), 404: openAiAnswer('No such endpoint') },
});

export const completeChat = createRoute({
  method: 'post',
  path: '/v1/chat/completions',
  tags: ['v1'],
  description:
    "OpenAI's chat completions, answered by an endpoint (`model` is its slug) with a `messages` input or exactly one text input. Sampling parameters are ignored, since the flow sets its own; `tools`, `n` > 1, `logprobs` and response formats are refused.",
  parameters: [idempotencyKeyParameter],
  request: { body: jsonBody(z.record(z.string(), z.unknown())) },
  responses: {
    200: jsonAnswer(z.record(z.string(), z.unknown()), 'The completion, or its chunks where `stream` is true'),
    400: openAiAnswer('A parameter that is not supported, or missing'),
    404: openAiAnswer('No such endpoint'),
    422: openAiAnswer('The idempotency key was used with another body'),
  },
});
