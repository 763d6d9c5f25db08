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

export const fileSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    mediaType: z.string().nullable(),
    createdAt: timeSchema,
  })
  .openapi('File');

export const collectionSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    files: z.int(),
    bytes: z.int(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .openapi('Collection');

export const collectionFileSchema = z
  .object({
    name: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    mediaType: z.string().nullable(),
    updatedAt: timeSchema,
  })
  .openapi('CollectionFile');

const multipartFile = {
  required: true,
  content: {
    'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }) },
  },
} as const;

const memberParameter = z.object({ id: idSchema, name: z.string().min(1).max(255) });

export const uploadFile = createRoute({
  method: 'post',
  path: '/api/files',
  tags: ['files'],
  request: { body: multipartFile },
  responses: { 201: jsonAnswer(fileSchema, 'Stored'), 413: problemAnswer('Too large') },
});

export const getFile = createRoute({
  method: 'get',
  path: '/api/files/{id}',
  tags: ['files'],
  request: { params: idParameter },
  responses: { 200: { description: 'The bytes' }, 404: problemAnswer('No such file') },
});

export const deleteFile = createRoute({
  method: 'delete',
  path: '/api/files/{id}',
  tags: ['files'],
  request: { params: idParameter },
  responses: { 204: { description: 'Deleted' }, 404: problemAnswer('No such file') },
});

export const listCollections = createRoute({
  method: 'get',
  path: '/api/collections',
  tags: ['files'],
  request: { query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(collectionSchema), 'By name') },
});

export const createCollection = createRoute({
  method: 'post',
  path: '/api/collections',
  tags: ['files'],
  request: { body: jsonBody(z.object({ name: z.string().min(1).max(120) })) },
  responses: { 201: jsonAnswer(collectionSchema, 'Created'), 409: problemAnswer('The name is taken') },
});

export const deleteCollection = createRoute({
  method: 'delete',
  path: '/api/collections/{id}',
  tags: ['files'],
  request: { params: idParameter },
  responses: { 204: { description: 'Deleted' }, 404: problemAnswer('No such collection') },
});

export const listCollectionFiles = createRoute({
  method: 'get',
  path: '/api/collections/{id}/files',
  tags: ['files'],
  request: { params: idParameter, query: listQuerySchema },
  responses: { 200: jsonAnswer(pageOf(collectionFileSchema), 'By name'), 404: problemAnswer('No such collection') },
});

export const putCollectionFile = createRoute({
  method: 'put',
  path: '/api/collections/{id}/files/{name}',
  tags: ['files'],
  description: 'The body is the file itself, as application/octet-stream or its own media type.',
  request: { params: memberParameter },
  responses: {
    200: jsonAnswer(collectionFileSchema, 'Stored; replaces a file of that name'),
    404: problemAnswer('No such collection'),
    413: problemAnswer('Too large'),
  },
});

export const getCollectionFile = createRoute({
  method: 'get',
  path: '/api/collections/{id}/files/{name}',
  tags: ['files'],
  request: { params: memberParameter },
  responses: { 200: { description: 'The bytes' }, 404: problemAnswer('No such file') },
});

/** The parsed text of a member, for showing a passage in its place. Offsets of citations count in this text. */
export const getCollectionFileText = createRoute({
  method: 'get',
  path: '/api/collections/{id}/files/{name}/text',
  tags: ['files'],
  request: {
    params: memberParameter,
    query: z.object({
      as: z.enum(['document', 'conversations']).default('document').openapi({
        description: '`conversations`: the transcript of the conversations in it, which passages of them count in',
      }),
    }),
  },
  responses: {
    200: jsonAnswer(
      z.object({
        text: z.string(),
        headings: z.array(z.object({ level: z.int(), title: z.string(), start: z.int() })),
        pages: z.array(z.object({ page: z.int(), start: z.int() })),
      }),
      'The text',
    ),
    404: problemAnswer('No such file'),
    422: problemAnswer('It cannot be read as text, or `conversation-format-unknown`'),
  },
});

export const deleteCollectionFile = createRoute({
  method: 'delete',
  path: '/api/collections/{id}/files/{name}',
  tags: ['files'],
  request: { params: memberParameter },
  responses: { 204: { description: 'Removed' }, 404: problemAnswer('No such file') },
});
