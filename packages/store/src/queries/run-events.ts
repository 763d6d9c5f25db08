import { and, asc, eq, gt, max, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { runEvents } from '../schema/tables.ts';
import { appendFrom, type RunEventRow } from './append-events.ts';
import { type RunAttempt, refuseTakenOver } from './runs.ts';

/**
 * Appends events to a run's log; whoever executes it numbers them, from 1. All or none is written; those that are
 * there already, because their writing was never confirmed, stay as they are.
 * Throws `run-taken-over` where another attempt has the run, or it has ended.
 */
export async function appendRunEvents(
  database: Database,
  at: RunAttempt,
  events: readonly RunEventRow[],
): Promise<void> {
  if (events.length === 0) return;
  const held = await selectRows(
    database,
    sql`
      with held as (
        select workspace_id, id from runs
        where id = ${at.run} and attempt = ${at.attempt} and state = 'running' for share),
      appended as (${appendFrom(sql`held`, events)})
      select 1 from held`,
  );
  if (held.length === 0) throw refuseTakenOver();
}

/** Events after a sequence number (0 is from the start), oldest first. */
export function listRunEvents(
  database: Database,
  options: { readonly run: string; readonly after: number; readonly limit?: number },
): Promise<RunEventRow[]> {
  return database
    .select({ sequence: runEvents.sequence, event: runEvents.event })
    .from(runEvents)
    .where(and(eq(runEvents.runId, options.run), gt(runEvents.sequence, options.after)))
    .orderBy(asc(runEvents.sequence))
    .limit(options.limit ?? 1_000);
}

/** The numbers of the newest events of runs, by run; a run without events has none. */
export async function findNewestSequences(
  database: Database,
  runs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await selectRows<{ run: string; newest: number }>(
    database,
    sql`
      select asked.run::text as run, newest.sequence::float8 as newest
      from unnest(${sql.param([...runs])}::uuid[]) as asked(run) cross join lateral (
        select sequence from run_events where run_id = asked.run order by sequence desc limit 1) newest`,
  );
  return new Map(rows.map(({ run, newest }) => [run, newest]));
}

/** The number of the newest event, from which the next attempt goes on counting; 0 where there is none. */
export async function readLastSequence(database: Database, run: string): Promise<number> {
  const [row] = await database
    .select({ last: max(runEvents.sequence) })
    .from(runEvents)
    .where(eq(runEvents.runId, run));
  return row?.last ?? 0;
}
