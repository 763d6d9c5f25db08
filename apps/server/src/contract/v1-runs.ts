import { feedbackSchema, runEventSchema } from './runs.ts';
import { createRoute, idParameter, idSchema, jsonAnswer, jsonBody, problemAnswer, z } from './shared.ts';
import { answerSchema } from './v1.ts';

const ownRunSchema = z.object({
  id: idSchema,
  state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  answer: answerSchema.nullable(),
  error: z.unknown().nullable(),
});

const unknownRun = problemAnswer('No such run of this key');

export const getOwnRun = createRoute({
  method: 'get',
  path: '/v1/runs/{id}',
  tags: ['v1'],
  request: { params: idParameter },
  responses: { 200: jsonAnswer(ownRunSchema, 'The run'), 404: unknownRun },
});

export const streamOwnRunEvents = createRoute({
  method: 'get',
  path: '/v1/runs/{id}/events',
  tags: ['v1'],
  request: { params: idParameter, headers: z.object({ 'last-event-id': z.string().optional() }) },
  responses: {
    200: { description: 'The events, live or replayed', content: { 'text/event-stream': { schema: runEventSchema } } },
    204: { description: 'Nothing after Last-Event-ID: the run has ended' },
    404: unknownRun,
  },
});

export const cancelOwnRun = createRoute({
  method: 'post',
  path: '/v1/runs/{id}/cancel',
  tags: ['v1'],
  request: { params: idParameter },
  responses: { 202: jsonAnswer(ownRunSchema, 'Cancelling, or already at its end'), 404: unknownRun },
});

export const giveFeedback = createRoute({
  method: 'post',
  path: '/v1/runs/{id}/feedback',
  tags: ['v1'],
  description: 'What the caller thinks of an answer. The last one of each key counts.',
  request: {
    params: idParameter,
    body: jsonBody(z.object({ score: z.number().min(0).max(1), comment: z.string().max(10_000).optional() })),
  },
  responses: { 200: jsonAnswer(feedbackSchema.omit({ caller: true }), 'Kept'), 404: unknownRun },
});
