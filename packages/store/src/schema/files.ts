import { bigint, index, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, entityId, updatedAt } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

/** Contents lie in the blob store under their SHA-256; rows only name them. */
const contentColumns = {
  sha256: text('sha256').notNull(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  mediaType: text('media_type'),
};

export const files = pgTable(
  'files',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    ...contentColumns,
    createdAt: createdAt(),
  },
  (table) => [index('files_by_workspace').on(table.workspaceId, table.id), index('files_by_content').on(table.sha256)],
);

export const collections = pgTable(
  'collections',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [unique('collections_by_name').on(table.workspaceId, table.name)],
);

export const collectionFiles = pgTable(
  'collection_files',
  {
    workspaceId: workspaceReference(),
    collectionId: entityId('collection_id')
      .notNull()
      .references(() => collections.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    ...contentColumns,
    updatedAt: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.collectionId, table.name] }),
    index('collection_files_by_content').on(table.sha256),
  ],
);
