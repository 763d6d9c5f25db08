import type { AdapterValue, ModelReference } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, entityId, updatedAt } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

/** What a tuned model is over: the reference of the time, and what identifies it for ever. */
export type TunedBase = ModelReference & { readonly template: string | null; readonly contextLength: number | null };

/** Tuned models that people keep, whether trained here or brought along. Their files lie in the blob store. */
export const tunedModels = pgTable(
  'tuned_models',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    /** Null until somebody gives it one. */
    name: text('name'),
    origin: text('origin', { enum: ['trained', 'uploaded'] }).notNull(),
    /** The adapter's: two trainings that end in the same numbers are one tuned model. */
    digest: text('digest').notNull(),
    adapter: jsonb('adapter').$type<AdapterValue>().notNull(),
    base: jsonb('base').$type<TunedBase>().notNull(),
    /** SHA-256 of its files, so that they stay as long as it does. */
    hashes: text('hashes').array().notNull(),
    /** What people have to know of it; the server's own words. */
    card: jsonb('card').$type<Readonly<Record<string, unknown>>>().notNull(),
    /** The run that trained it, and the node; they may be gone. */
    runId: entityId('run_id'),
    node: text('node'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('tuned_models_by_digest').on(table.workspaceId, table.digest),
    uniqueIndex('tuned_models_by_name').on(table.workspaceId, table.name).where(sql`name is not null`),
    index('tuned_models_by_hash').using('gin', table.hashes),
  ],
);
