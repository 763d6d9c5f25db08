import { slugSchema } from './endpoints.ts';
import { createRoute, idSchema, jsonAnswer, listQuerySchema, pageOf, problemAnswer, timeSchema, z } from './shared.ts';

const conversationSchema = z
  .object({
    name: z.string(),
    route: z
      .object({ flow: idSchema, version: z.int(), output: z.string() })
      .openapi({ description: 'What answers, as long as the endpoint has it; its build may move' }),
    turns: z.int(),
    createdAt: timeSchema,
    updatedAt: timeSchema.openapi({ description: 'When it was used last' }),
  })
  .openapi('Conversation');

const turnSchema = z
  .object({
    number: z.int(),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    run: idSchema,
    answeredBy: z
      .object({ flow: idSchema, version: z.int(), build: z.int().nullable() })
      .nullable()
      .openapi({ description: 'What answered; null where the run is no longer kept' }),
    subject: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi('ConversationTurn');

const slugParameter = z.object({ slug: slugSchema });
const conversationParameter = slugParameter.extend({ name: z.string() });

export const listConversations = createRoute({
  method: 'get',
  path: '/api/endpoints/{slug}/conversations',
  tags: ['endpoints'],
  request: { params: slugParameter, query: listQuerySchema },
  responses: {
    200: jsonAnswer(pageOf(conversationSchema), 'The one that was used last first'),
    404: problemAnswer('No such endpoint'),
  },
});

export const getConversation = createRoute({
  method: 'get',
  path: '/api/endpoints/{slug}/conversations/{name}',
  tags: ['endpoints'],
  request: { params: conversationParameter, query: listQuerySchema },
  responses: {
    200: jsonAnswer(conversationSchema.extend(pageOf(turnSchema).shape), 'With a page of its turns, the newest first'),
    404: problemAnswer('No such endpoint or conversation'),
  },
});

export const deleteConversation = createRoute({
  method: 'delete',
  path: '/api/endpoints/{slug}/conversations/{name}',
  tags: ['endpoints'],
  request: { params: conversationParameter },
  responses: {
    204: { description: 'Gone, with all that was said in it' },
    404: problemAnswer('No such endpoint or conversation'),
  },
});
