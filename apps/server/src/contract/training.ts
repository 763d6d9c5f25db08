import { createRoute, idSchema, jsonAnswer, listQuerySchema, pageOf, problemAnswer, z } from './shared.ts';

const placeFields = {
  id: z.string(),
  line: z.int().openapi({ description: 'Of its example in the data set, from 1' }),
  split: z.enum(['train', 'evaluation']),
};

const tokenSchema = z.object({
  text: z.string().openapi({
    description:
      'Put together, the texts are all that is read; a character of several tokens belongs to the last of them',
  }),
  trained: z.boolean(),
});

export const trainingRowSchema = z
  .discriminatedUnion('state', [
    z.object({
      state: z.literal('learnt'),
      ...placeFields,
      sequences: z
        .array(z.object({ tokens: z.array(tokenSchema) }))
        .openapi({ description: 'Several where the chat template rewrites what was said before' }),
    }),
    z.object({
      state: z.literal('left-out'),
      ...placeFields,
      reason: z.enum(['no-trained-tokens', 'role-order', 'too-long', 'no-passages']).openapi({
        description: '`no-passages`: the template wants passages, and the example has none at that place',
      }),
    }),
  ])
  .openapi('TrainingRow');

export const listTrainingRows = createRoute({
  method: 'get',
  path: '/api/flows/{id}/nodes/{node}/training-rows',
  tags: ['training'],
  description:
    'What a fine-tune node would learn from if it trained now: each row as the model reads it, token by token. Of the draft, unless a version is named. Nothing is built, installed or fetched for it. `node` is its path, with `/` written as %2F.',
  request: {
    params: z.object({ id: idSchema, node: z.string().min(1) }),
    query: listQuerySchema.extend({
      version: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      state: z.enum(['learnt', 'left-out']).optional().openapi({
        description:
          'Rows of this state only. A page goes through a bounded number of rows: it may hold fewer than `limit`, or none, while `next` names where to go on',
      }),
    }),
  },
  responses: {
    200: jsonAnswer(
      pageOf(trainingRowSchema).extend({
        read: z.int().openapi({ description: 'Rows gone through for this page' }),
        model: z.string(),
        maximumLength: z.int().openapi({ description: 'Of a row, in tokens' }),
      }),
      'The next rows, in the order of the data set',
    ),
    400: problemAnswer('`cursor-invalid`'),
    404: problemAnswer('No such flow, version or node'),
    409: problemAnswer(
      '`not-built`: the data set is not there yet; `trainer-not-installed`; `model-not-fetched`: its file is not on this machine',
    ),
    422: problemAnswer('The flow has problems, the node does not train, or the model cannot be trained'),
  },
});
