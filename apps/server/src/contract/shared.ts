import { createRoute, z } from '@hono/zod-openapi';

/** Ids are UUIDs made by the server. */
export const idSchema = z.uuid();
export const timeSchema = z.iso.datetime().openapi({ description: 'UTC, ISO 8601' });
/** The same key gets the same answer for 24 hours, and is refused (422) with another body. */
export const idempotencyKeySchema = z.string().min(1).max(200).optional();
/**
 * For the routes that answer questions, which read it by `readIdempotencyKey`: to have the headers checked by a schema
 * means to copy all of them twice, 5% of a short request.
 */
export const idempotencyKeyParameter = {
  in: 'header',
  name: 'idempotency-key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
} as const;
export const localisedTextSchema = z.object({ en: z.string(), ja: z.string() }).openapi('LocalisedText');

/** RFC 9457. `code` is what programs branch on; `texts` has `detail` in both languages. */
export const problemDetailsSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    texts: localisedTextSchema.optional(),
    node: z.string().optional(),
    path: z.string().optional(),
    problems: z.array(z.unknown()).optional(),
  })
  .openapi('ProblemDetails');

export const errorReportSchema = z
  .object({
    code: z.string(),
    message: localisedTextSchema,
    retryable: z.boolean(),
    node: z.string().nullable(),
    path: z.string().nullable(),
  })
  .openapi('ErrorReport');

export const listQuerySchema = z.object({
  cursor: z.string().optional().openapi({ description: 'The `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

export function jsonAnswer<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } } as const;
}

/** Every route may answer with problem details; each route lists the statuses that it means to. */
export function problemAnswer(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemDetailsSchema } } } as const;
}

export const idParameter = z.object({ id: idSchema });

export { createRoute, z };
