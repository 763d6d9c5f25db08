import { sql } from 'drizzle-orm';
import { firstIdOf } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';

/** As few as keep the embedded database, which does nothing else meanwhile, answering. */
const runsPerStatement = 500;

/**
 * Deletes runs that ended and are older than so many days, with their events, except those that made a build which is
 * kept, and experiments, which stay until somebody deletes them. Gives how many went. Runs that are under way stay,
 * however old.
 */
export async function deleteOldRuns(
  database: Database,
  { retentionDays }: { readonly retentionDays: number },
  signal: AbortSignal,
): Promise<number> {
  const end = firstIdOf(Date.now() - retentionDays * 86_400_000);
  let gone = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal.throwIfAborted();
    // Ids grow with time, so that old runs are the first of the table's key and nothing else is looked at.
    const [page] = await selectRows<{ last: string | null; gone: number }>(
      database,
      sql`
        with page as materialized (
          select id, kind, state from runs where id > ${after} and id < ${end} order by id limit ${runsPerStatement}),
        gone as (
          delete from runs where id in (
            select id from page where state not in ('queued', 'running') and kind <> 'experiment'
              and not (kind = 'build' and exists (select from builds where builds.run_id = page.id)))
          returning 1)
        select (select id from page order by id desc limit 1) as last, (select count(*) from gone)::float8 as gone`,
    );
    if (page === undefined || page.last === null) return gone;
    gone += page.gone;
    after = page.last;
  }
}
