import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, moment } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

/** Browsers that signed in. The cookie holds 256 random bits; only their SHA-256 (hex) is kept. */
export const sessions = pgTable(
  'sessions',
  {
    hash: text('hash').primaryKey(),
    workspaceId: workspaceReference(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('sessions_by_expiry').on(table.expiresAt)],
);
