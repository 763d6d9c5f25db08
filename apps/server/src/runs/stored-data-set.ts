import type { DataSetValue, Example } from '@kumiki/node-sdk';
import { z } from 'zod';

const scoresSchema = z.object({ cosine: z.number().nullable(), bm25: z.number().nullable(), ranking: z.number() });

const passageSchema = z.object({
  documentId: z.string(),
  documentName: z.string(),
  ordinal: z.int(),
  text: z.string(),
  start: z.int(),
  end: z.int(),
  headings: z.array(z.string()),
  page: z.int().nullable(),
  metadata: z.record(z.string(), z.json()),
  scores: scoresSchema,
});

const exampleSchema = z.object({
  id: z.string(),
  documents: z.array(z.string()),
  group: z.string(),
  split: z.enum(['train', 'evaluation']),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  trained: z.array(z.int()),
  passages: z.array(passageSchema).nullable(),
}) satisfies z.ZodType<Example>;

const noteSchema = z.object({
  code: z.string(),
  message: z.object({ en: z.string(), ja: z.string() }),
  count: z.int(),
  places: z.array(z.object({ document: z.string(), line: z.int().nullable(), detail: z.string() })),
});

const dataSetSchema = z.object({
  sha256: z.string(),
  bytes: z.int(),
  examples: z.object({ train: z.int(), evaluation: z.int() }),
  report: z.array(noteSchema),
  preview: z.array(exampleSchema),
}) satisfies z.ZodType<DataSetValue>;

/** The edge: a data set as an artifact, or a build, keeps it. Throws where it is none. */
export function readStoredDataSet(value: unknown): DataSetValue {
  return dataSetSchema.parse(value);
}
