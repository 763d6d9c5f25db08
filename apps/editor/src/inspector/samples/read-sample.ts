import { z } from 'zod';

/** What samples of a run hold, by kind of port. A sample is cut (20 items, 2,000 characters), so nothing is required
 * that is not shown. */
export const passageSchema = z.object({
  documentId: z.string(),
  documentName: z.string(),
  text: z.string(),
  start: z.number(),
  end: z.number(),
  headings: z.array(z.string()),
  page: z.number().nullable(),
  scores: z.object({ cosine: z.number().nullable(), bm25: z.number().nullable(), ranking: z.number() }),
});
export type PassageSample = z.infer<typeof passageSchema>;

const documentSchema = z.object({ id: z.string(), name: z.string() });

export const documentItemSchema = z.object({
  document: documentSchema,
  item: z.object({
    text: z.string(),
    headings: z.array(z.object({ title: z.string() }).or(z.string())),
    pages: z.array(z.unknown()),
  }),
});
export type DocumentSample = z.infer<typeof documentItemSchema>;

export const chunkItemSchema = z.object({
  document: documentSchema,
  item: z.object({
    ordinal: z.number(),
    text: z.string(),
    tokens: z.number(),
    headings: z.array(z.string()),
    page: z.number().nullable(),
    vector: z.object({ dimensions: z.number() }).optional(),
  }),
});
export type ChunkSample = z.infer<typeof chunkItemSchema>;

export const indexSchema = z.object({
  documents: z.number(),
  chunks: z.number(),
  embeddingModel: z.object({ name: z.string() }),
});

export const modelSchema = z.object({
  host: z.string(),
  name: z.string(),
  digest: z.string().nullable(),
  dimensions: z.number().optional(),
  contextLength: z.number().nullish(),
  /** Of a tuned model. */
  adapter: z.object({ digest: z.string() }).nullish(),
});

export const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

export const templateSchema = z.object({ system: z.string(), template: z.string() });

const utteranceSchema = z.object({
  speaker: z.string(),
  role: z.enum(['system', 'user', 'assistant']).nullable(),
  text: z.string(),
  at: z.string().nullable(),
});

export const conversationItemSchema = z.object({
  document: documentSchema,
  item: z.object({ id: z.string(), utterances: z.array(utteranceSchema), line: z.number().nullable() }),
});
export type ConversationSample = z.infer<typeof conversationItemSchema>;

export const exampleSchema = z.object({
  id: z.string(),
  split: z.enum(['train', 'evaluation']),
  messages: z.array(messageSchema),
  trained: z.array(z.number()),
  passages: z.array(z.object({ documentName: z.string(), text: z.string() })).nullable(),
});
export type ExampleSample = z.infer<typeof exampleSchema>;

export const dataSetSchema = z.object({
  sha256: z.string(),
  bytes: z.number(),
  examples: z.object({ train: z.number(), evaluation: z.number() }),
  report: z.array(
    z.object({
      code: z.string(),
      message: z.object({ en: z.string(), ja: z.string() }),
      count: z.number(),
      places: z.array(z.object({ document: z.string(), line: z.number().nullable(), detail: z.string() })),
    }),
  ),
  preview: z.array(exampleSchema),
});
export type DataSetSample = z.infer<typeof dataSetSchema>;

/** All items by a schema, or null where one does not fit: then they are shown as JSON. */
export function readItems<Item>(schema: z.ZodType<Item>, items: readonly unknown[]): readonly Item[] | null {
  const result = z.array(schema).safeParse(items);
  return result.success ? result.data : null;
}
