import { pgTable } from 'drizzle-orm/pg-core';
import { entityId, moment } from './columns.ts';

/** Processes that answer calls from a database that others may answer from as well. Rows come and go with them. */
export const servers = pgTable('servers', {
  id: entityId('id').primaryKey(),
  /** By the clock of the database, some seconds ago at most while the process lives. */
  seenAt: moment('seen_at').notNull().defaultNow(),
});
