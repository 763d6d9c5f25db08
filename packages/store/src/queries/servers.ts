import { eq, lt, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { servers } from '../schema/tables.ts';

/** Tells the others on this database that a process answers calls. Repeat it well within a minute. */
export async function showServer(database: Database, id: string): Promise<void> {
  await database
    .insert(servers)
    .values({ id })
    .onConflictDoUpdate({ target: servers.id, set: { seenAt: sql`now()` } });
  await database.delete(servers).where(lt(servers.seenAt, sql`now() - interval '1 day'`));
}

export async function removeServer(database: Database, id: string): Promise<void> {
  await database.delete(servers).where(eq(servers.id, id));
}

/**
 * Whether another process may still be making an answer that it began before a time: one that was there around then, or
 * was killed since, and the longest answer is not over yet.
 */
export async function mayOthersAnswer(
  database: Database,
  {
    id,
    before,
    longestMilliseconds,
  }: { readonly id: string; readonly before: Date; readonly longestMilliseconds: number },
): Promise<boolean> {
  const rows = await selectRows(
    database,
    sql`
      select 1 from servers where id <> ${id}::uuid
        and seen_at > ${before.toISOString()}::timestamptz - interval '1 minute'
        and now() < ${before.toISOString()}::timestamptz + make_interval(secs => ${longestMilliseconds / 1_000}::float8)
      limit 1`,
  );
  return rows.length > 0;
}
