import { jsonb, pgTable } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

/**
 * A document is its content, wherever that lies, with every other content that an index ever held in its place: whoever
 * asks for a document to be forgotten means its earlier versions too.
 */
export type DocumentTarget = {
  readonly kind: 'document';
  /** SHA-256, hex. */
  readonly contentHashes: readonly string[];
  /** What indexes call it. Ids repeat among lineages, so they count only within theirs. */
  readonly documents: readonly { readonly lineage: number; readonly id: string }[];
  /** Flows that read it: only their runs can quote it. */
  readonly flows: readonly string[];
  /** Its ids and its sentences, as they stand within JSON. */
  readonly quotes: readonly string[];
  /** What data sets call it, in whatever flow; left out by versions that knew none. */
  readonly ids?: readonly string[];
};

/** A person, by the name that the callers of endpoints have for them. */
export type SubjectTarget = { readonly kind: 'subject'; readonly subject: string };

export type ForgettingTarget = DocumentTarget | SubjectTarget;

/**
 * Forgettings that are not at their end: interrupted ones, and those that wait for a run which was under way and may
 * write again what it had read. The row says what has to go, so it goes last.
 */
export const forgettings = pgTable('forgettings', {
  id: entityId('id').primaryKey(),
  workspaceId: workspaceReference(),
  target: jsonb('target').$type<ForgettingTarget>().notNull(),
  /** When all of it was gone for the first time: only runs that began before can bring anything of it back. */
  sweptAt: moment('swept_at'),
  createdAt: createdAt(),
});
