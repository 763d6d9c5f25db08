import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment, updatedAt } from './columns.ts';
import { flows } from './flows.ts';
import { workspaceReference } from './workspaces.ts';

/** Builds that begin by the clock. */
export const schedules = pgTable(
  'schedules',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    flowId: entityId('flow_id')
      .notNull()
      .references(() => flows.id, { onDelete: 'cascade' }),
    /** Null: the draft, as it is then. */
    version: integer('version'),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    /** When it fires next; null while it is switched off. */
    nextAt: moment('next_at'),
    lastAt: moment('last_at'),
    /** The run that it began last. */
    lastRunId: entityId('last_run_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('schedules_by_workspace').on(table.workspaceId, table.id),
    index('schedules_by_next').on(table.nextAt),
  ],
);
