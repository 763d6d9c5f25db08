import { jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, updatedAt } from './columns.ts';

/** Who owns what. There is one, `default`, until there are accounts. */
export const workspaces = pgTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: createdAt(),
});

/** Tables point here, so that deleting a workspace leaves nothing of it behind. */
export const workspaceReference = () =>
  text('workspace_id')
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' });

/** For rows of which there are many, and which go with a parent that points to the workspace: saves a check per row. */
export const workspaceOfParent = () => text('workspace_id').notNull();

export const settings = pgTable(
  'settings',
  {
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    value: jsonb('value').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
);
