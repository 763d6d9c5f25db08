import { createRoute, jsonAnswer, jsonBody, problemAnswer, z } from './shared.ts';

export const getNodeTypes = createRoute({
  method: 'get',
  path: '/api/node-types',
  tags: ['system'],
  description: 'Descriptions of all node types (NodeTypeDescription of packages/flow).',
  responses: { 200: jsonAnswer(z.object({ items: z.array(z.record(z.string(), z.unknown())) }), 'All node types') },
});

export const getSession = createRoute({
  method: 'get',
  path: '/api/session',
  tags: ['system'],
  responses: {
    200: jsonAnswer(
      z.object({
        user: z.object({ id: z.string(), name: z.string() }),
        workspace: z.object({ id: z.string(), name: z.string() }),
        version: z.string(),
        database: z.enum(['embedded', 'postgres']),
      }),
      'Who is signed in',
    ),
    401: problemAnswer('Nobody is signed in'),
  },
});

export const signIn = createRoute({
  method: 'post',
  path: '/api/session',
  tags: ['system'],
  description:
    'Signs in with the one-time token of the link, or with a password where one is set. Sets the session cookie.',
  request: { body: jsonBody(z.union([z.object({ token: z.string() }), z.object({ password: z.string() })])) },
  responses: {
    200: jsonAnswer(z.object({ ok: z.literal(true) }), 'Signed in'),
    401: problemAnswer('Used, expired or wrong'),
  },
});

export const signOut = createRoute({
  method: 'delete',
  path: '/api/session',
  tags: ['system'],
  responses: { 204: { description: 'Signed out' } },
});

export const createSignInLink = createRoute({
  method: 'post',
  path: '/api/session/links',
  tags: ['system'],
  description:
    'A new one-time sign-in link, for somebody who is signed in and for the command line on the same machine.',
  responses: {
    201: jsonAnswer(z.object({ link: z.url() }), 'Works once, within 15 minutes'),
    403: problemAnswer('Keys cannot make links'),
  },
});

export const getHealthLive = createRoute({
  method: 'get',
  path: '/health/live',
  tags: ['system'],
  responses: { 200: jsonAnswer(z.object({ status: z.literal('ok') }), 'The process runs') },
});

export const getHealthReady = createRoute({
  method: 'get',
  path: '/health/ready',
  tags: ['system'],
  responses: {
    200: jsonAnswer(z.object({ status: z.literal('ok') }), 'The database answers and the worker runs'),
    503: jsonAnswer(z.object({ status: z.string() }), 'Not yet, or stopping'),
  },
});
