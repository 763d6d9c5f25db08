import { bigint, pgTable, text } from 'drizzle-orm/pg-core';

/**
 * What only one process of all those on this database may have at a time, such as the GPU of a machine. A machine works for
 * every workspace, so these rows belong to none; they stay when nobody has the lease, since tokens never come again.
 */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  /** For people who wonder who has it; null: nobody. */
  holder: text('holder'),
  /** Counts holders: what an earlier one still does under its own is refused. */
  token: bigint('token', { mode: 'number' }).notNull(),
  /** Counts how often the holder has shown that it is alive. Whoever waits watches it: clocks are not compared. */
  renewals: bigint('renewals', { mode: 'number' }).notNull(),
});
