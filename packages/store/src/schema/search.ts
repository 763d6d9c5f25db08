import type { EmbeddingModelValue, ErrorReport, Metadata } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes, createdAt, embedding, moment } from './columns.ts';
import { workspaceOfParent, workspaceReference } from './workspaces.ts';

const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

export const indexLineages = pgTable(
  'index_lineages',
  {
    id: serial('id').primaryKey(),
    workspaceId: workspaceReference(),
    /** The fingerprint without contents. */
    lineage: text('lineage').notNull(),
    embeddingModel: jsonb('embedding_model').$type<EmbeddingModelValue>().notNull(),
    tokeniser: integer('tokeniser').notNull(),
    /** Chunk ids are dense within a lineage and grow with generations. */
    nextChunk: count('next_chunk'),
    /** Counts how often rows were taken out of its past: what a search remembers of it holds for one revision only. */
    revision: integer('revision').notNull().default(0),
    /** When a build last opened it: what is in use is not collected. */
    usedAt: moment('used_at').notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [unique('index_lineages_by_name').on(table.workspaceId, table.lineage)],
);

const lineageReference = () =>
  integer('lineage_id')
    .notNull()
    .references(() => indexLineages.id, { onDelete: 'cascade' });

export const indexGenerations = pgTable(
  'index_generations',
  {
    workspaceId: workspaceReference(),
    lineageId: lineageReference(),
    number: integer('number').notNull(),
    state: text('state', { enum: ['open', 'visible'] }).notNull(),
    /** Who writes while it is open. */
    owner: text('owner').notNull(),
    /** No manifest was given: what is not added again leaves. */
    whole: boolean('whole').notNull().default(false),
    documents: count('documents'),
    chunks: count('chunks'),
    /** Sum of the lexical lengths of its chunks, in terms. */
    terms: count('terms'),
    /** Its chunks have ids below this. */
    chunkBound: count('chunk_bound'),
    createdAt: createdAt(),
    closedAt: moment('closed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.lineageId, table.number] }),
    uniqueIndex('index_generations_open').on(table.lineageId).where(sql`state = 'open'`),
  ],
);

/** One row per document and content; a document that changed has a new row, and the old one a removal. */
export const indexDocuments = pgTable(
  'index_documents',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: workspaceReference(),
    lineageId: lineageReference(),
    documentId: text('document_id').notNull(),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    contentHash: text('content_hash').notNull(),
    metadata: jsonb('metadata').$type<Metadata>().notNull(),
    chunks: integer('chunks').notNull(),
    /** Lexical length of its chunks, added when their segment is written. */
    terms: integer('terms').notNull().default(0),
    addedGeneration: integer('added_generation').notNull(),
    removedGeneration: integer('removed_generation'),
    /** The open generation's manifest does not name it: it goes when the generation is closed. */
    leaving: boolean('leaving').notNull().default(false),
  },
  (table) => [
    index('index_documents_by_lineage').on(table.lineageId, table.id),
    uniqueIndex('index_documents_current').on(table.lineageId, table.documentId).where(sql`removed_generation is null`),
  ],
);

export const indexChunks = pgTable(
  'index_chunks',
  {
    workspaceId: workspaceOfParent(),
    lineageId: lineageReference(),
    chunkId: bigint('chunk_id', { mode: 'number' }).notNull(),
    document: bigint('document', { mode: 'number' })
      .notNull()
      .references(() => indexDocuments.id, { onDelete: 'cascade' }),
    ordinal: integer('ordinal').notNull(),
    text: text('text').notNull(),
    startOffset: integer('start_offset').notNull(),
    endOffset: integer('end_offset').notNull(),
    headings: jsonb('headings').$type<readonly string[]>().notNull(),
    page: integer('page'),
    tokens: integer('tokens').notNull(),
    addedGeneration: integer('added_generation').notNull(),
    removedGeneration: integer('removed_generation'),
  },
  (table) => [
    primaryKey({ columns: [table.lineageId, table.chunkId] }),
    index('index_chunks_by_document').on(table.document),
    index('index_chunks_removed')
      .on(table.lineageId, table.removedGeneration)
      .where(sql`removed_generation is not null`),
  ],
);

/** Apart from the texts, so that a scan over vectors reads vectors only. */
export const indexVectors = pgTable(
  'index_vectors',
  {
    workspaceId: workspaceOfParent(),
    lineageId: lineageReference(),
    chunkId: bigint('chunk_id', { mode: 'number' }).notNull(),
    addedGeneration: integer('added_generation').notNull(),
    removedGeneration: integer('removed_generation'),
    embedding: embedding('embedding').notNull(),
  },
  (table) => [primaryKey({ columns: [table.lineageId, table.chunkId] })],
);

/** Documents that a generation could not read. Each keeps its previous text, if it had one. */
export const indexFailures = pgTable(
  'index_failures',
  {
    workspaceId: workspaceOfParent(),
    lineageId: lineageReference(),
    generation: integer('generation').notNull(),
    documentId: text('document_id').notNull(),
    name: text('name').notNull(),
    error: jsonb('error').$type<ErrorReport>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.lineageId, table.generation, table.documentId] })],
);

/**
 * Postings of a run of consecutive chunk ids. A segment is written as a draft in many short statements, becomes live at
 * once, never changes, and retires when a merged one takes its place; then it stays for searches that are under way.
 */
export const lexicalSegments = pgTable(
  'lexical_segments',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    workspaceId: workspaceReference(),
    lineageId: lineageReference(),
    state: text('state', { enum: ['draft', 'live', 'retired'] }).notNull(),
    firstChunk: bigint('first_chunk', { mode: 'number' }).notNull(),
    chunks: integer('chunks').notNull(),
    /** Terms of each chunk, as 32-bit little-endian integers. */
    lengths: bytes('lengths').notNull(),
    retiredAt: moment('retired_at'),
  },
  (table) => [
    uniqueIndex('lexical_segments_live').on(table.lineageId, table.firstChunk).where(sql`state = 'live'`),
    index('lexical_segments_other').on(table.lineageId).where(sql`state <> 'live'`),
  ],
);

/** One row per term and segment: see postings.ts for the packing. Never a row per occurrence. */
export const lexicalPostings = pgTable(
  'lexical_postings',
  {
    workspaceId: workspaceOfParent(),
    segmentId: bigint('segment_id', { mode: 'number' })
      .notNull()
      .references(() => lexicalSegments.id, { onDelete: 'cascade' }),
    term: text('term').notNull(),
    /** Chunks of the segment that the term occurs in. */
    chunks: integer('chunks').notNull(),
    packed: bytes('packed').notNull(),
  },
  (table) => [primaryKey({ columns: [table.segmentId, table.term] })],
);

/** Vectors by what made them, as 32-bit little-endian floats. */
export const embeddingCache = pgTable(
  'embedding_cache',
  {
    workspaceId: workspaceReference(),
    /** Digest of the model's weights. Vectors of a model without a digest are not kept. */
    model: text('model').notNull(),
    prefix: text('prefix').notNull(),
    textHash: bytes('text_hash').notNull(),
    vector: bytes('vector').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.model, table.prefix, table.textHash] }),
    // Whoever forgets a chunk has its vector, and not the text that it was made of.
    index('embedding_cache_by_vector').using('hash', table.vector),
  ],
);
