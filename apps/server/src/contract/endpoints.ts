import { secretNamePattern } from '@kumiki/flow';
import {
  createRoute,
  idSchema,
  jsonAnswer,
  jsonBody,
  localisedTextSchema,
  problemAnswer,
  timeSchema,
  z,
} from './shared.ts';

export const slugSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);

export const endpointRouteSchema = z.object({
  flow: idSchema,
  version: z.int().min(1),
  build: z.int().min(1),
  output: z.string(),
  weight: z.number().positive().default(1),
});

export const endpointSchema = z
  .object({
    slug: slugSchema,
    follow: z.boolean().openapi({ description: 'Moves to each successful new build of its version' }),
    routes: z.array(endpointRouteSchema).min(1),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .openapi('Endpoint');

/** What a person should know although it was published. */
const publishedSchema = endpointSchema.extend({
  warnings: z.array(z.object({ code: z.string(), node: z.string(), message: localisedTextSchema })),
});

const endpointInput = z.object({
  slug: slugSchema,
  follow: z.boolean().default(true),
  routes: z.array(endpointRouteSchema.extend({ weight: z.number().positive().default(1) })).min(1),
});

const slugParameter = z.object({ slug: slugSchema });

export const listEndpoints = createRoute({
  method: 'get',
  path: '/api/endpoints',
  tags: ['endpoints'],
  responses: { 200: jsonAnswer(z.object({ items: z.array(endpointSchema) }), 'By slug') },
});

export const createEndpoint = createRoute({
  method: 'post',
  path: '/api/endpoints',
  tags: ['endpoints'],
  request: { body: jsonBody(endpointInput) },
  responses: {
    201: jsonAnswer(publishedSchema, 'Published'),
    404: problemAnswer('No such flow, version, build or output'),
    409: problemAnswer('The slug is taken'),
  },
});

export const getEndpoint = createRoute({
  method: 'get',
  path: '/api/endpoints/{slug}',
  tags: ['endpoints'],
  request: { params: slugParameter },
  responses: { 200: jsonAnswer(endpointSchema, 'The endpoint'), 404: problemAnswer('No such endpoint') },
});

export const changeEndpoint = createRoute({
  method: 'put',
  path: '/api/endpoints/{slug}',
  tags: ['endpoints'],
  request: { params: slugParameter, body: jsonBody(endpointInput.omit({ slug: true })) },
  responses: { 200: jsonAnswer(publishedSchema, 'Changed'), 404: problemAnswer('No such endpoint, flow or build') },
});

export const deleteEndpoint = createRoute({
  method: 'delete',
  path: '/api/endpoints/{slug}',
  tags: ['endpoints'],
  request: { params: slugParameter },
  responses: { 204: { description: 'Withdrawn' }, 404: problemAnswer('No such endpoint') },
});

export const keySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    prefix: z.string().openapi({ description: 'The first characters, to tell keys apart' }),
    scopes: z.array(z.enum(['v1', 'api'])),
    endpoints: z.array(z.string()).nullable().openapi({ description: 'Slugs that it may call; null: all' }),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
  })
  .openapi('ApiKey');

export const listKeys = createRoute({
  method: 'get',
  path: '/api/keys',
  tags: ['keys'],
  responses: { 200: jsonAnswer(z.object({ items: z.array(keySchema) }), 'All keys, without their values') },
});

export const createKey = createRoute({
  method: 'post',
  path: '/api/keys',
  tags: ['keys'],
  request: {
    body: jsonBody(
      z.object({
        name: z.string().min(1).max(120),
        scopes: z
          .array(z.enum(['v1', 'api']))
          .min(1)
          .default(['v1']),
        endpoints: z.array(slugSchema).nullable().default(null),
      }),
    ),
  },
  responses: { 201: jsonAnswer(keySchema.extend({ key: z.string() }), 'The key is shown this one time') },
});

export const deleteKey = createRoute({
  method: 'delete',
  path: '/api/keys/{id}',
  tags: ['keys'],
  request: { params: z.object({ id: idSchema }) },
  responses: { 204: { description: 'Revoked' }, 404: problemAnswer('No such key') },
});

const secretName = z.string().regex(secretNamePattern);

export const listSecrets = createRoute({
  method: 'get',
  path: '/api/secrets',
  tags: ['secrets'],
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(z.object({ name: secretName, updatedAt: timeSchema })) }),
      'Names only, without those of the keys of model hosts',
    ),
  },
});

export const putSecret = createRoute({
  method: 'post',
  path: '/api/secrets',
  tags: ['secrets'],
  request: { body: jsonBody(z.object({ name: secretName, value: z.string().min(1).max(10_000) })) },
  responses: {
    201: jsonAnswer(z.object({ name: secretName }), 'Kept, encrypted; in the place of the one of that name, if any'),
    422: problemAnswer('`secret-reserved`: the name is that of the key of a model host'),
  },
});

export const deleteSecret = createRoute({
  method: 'delete',
  path: '/api/secrets/{name}',
  tags: ['secrets'],
  request: { params: z.object({ name: secretName }) },
  responses: {
    204: { description: 'Gone' },
    404: problemAnswer('No such secret'),
    422: problemAnswer('`secret-reserved`'),
  },
});
