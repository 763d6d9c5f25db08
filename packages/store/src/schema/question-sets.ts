import type { JsonValue } from '@kumiki/flow';
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment } from './columns.ts';
import { workspaceOfParent, workspaceReference } from './workspaces.ts';

export const questionSources = ['rows', 'file', 'conversations', 'feedback'] as const;

/** Questions that arms are measured with. Its rows never change, but for what is forgotten. */
export const questionSets = pgTable(
  'question_sets',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    /** Of its rows as JSON Lines, as they were frozen. */
    sha256: text('sha256').notNull(),
    source: text('source', { enum: questionSources }).notNull(),
    counts: jsonb('counts').$type<QuestionSetCounts>().notNull(),
    /** What was wrong with rows that were read; the server's own words. */
    findings: jsonb('findings').$type<JsonValue>().notNull(),
    /** Rows lost what they said since somebody asked for that. */
    redactedAt: moment('redacted_at'),
    createdAt: createdAt(),
  },
  (table) => [index('question_sets_by_workspace').on(table.workspaceId, table.id)],
);

export type QuestionSetCounts = {
  readonly rows: number;
  readonly clusters: number;
  readonly withReference: number;
  readonly withPassages: number;
  readonly unanswerable: number;
  readonly topics: number;
};

/** What is asked, and what is known of the right answer. */
export type QuestionContent = {
  readonly id: string;
  readonly question: string;
  readonly references: readonly string[];
  readonly passages: readonly { readonly document?: string | undefined; readonly text?: string | undefined }[];
  readonly topic: string | null;
  /** Questions of one cluster are not independent of one another. */
  readonly cluster: string;
  readonly answerable: boolean;
  readonly inputs: Readonly<Record<string, JsonValue>>;
};

export const questions = pgTable(
  'questions',
  {
    workspaceId: workspaceOfParent(),
    questionSetId: entityId('question_set_id')
      .notNull()
      .references(() => questionSets.id, { onDelete: 'cascade' }),
    /** From 1, without gaps. */
    number: integer('number').notNull(),
    content: jsonb('content').$type<QuestionContent>().notNull(),
    /** SHA-256 of the document that the row was read from, so that it goes with it. */
    sourceHash: text('source_hash'),
    /** The person who asked it, where it comes from an endpoint. */
    subject: text('subject'),
    redactedAt: moment('redacted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.questionSetId, table.number] }),
    index('questions_by_source').on(table.workspaceId, table.sourceHash),
    index('questions_by_subject').on(table.workspaceId, table.subject),
  ],
);
