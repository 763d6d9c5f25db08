import type { JsonValue } from '@kumiki/flow';
import { and, asc, eq, gt, max, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { runEvents } from '../schema/tables.ts';
import { type RunAttempt, refuseTakenOver } from './runs.ts';

export type RunEventRow = { readonly sequence: number; readonly event: JsonValue };

/**
 * Appends events to a run's log; whoever executes it numbers them, from 1. All or none is written.
 * Throws `run-taken-over` where another attempt has the run, or it has ended.
 */
export async function appendRunEvents(
  database: Database,
  at: RunAttempt,
  events: readonly RunEventRow[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = await selectRows(
    database,
    sql`
      insert into run_events (workspace_id, run_id, sequence, event)
      select runs.workspace_id, runs.id, entry.sequence, entry.event
      from jsonb_to_recordset(${JSON.stringify(cleanJson(events))}::jsonb) as entry(sequence bigint, event jsonb),
        (select * from runs where id = ${at.run} and attempt = ${at.attempt} and state = 'running' for share) as runs
      returning 1`,
  );
  if (rows.length < events.length) throw refuseTakenOver();
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

/** The number of the newest event, from which the next attempt goes on counting; 0 where there is none. */
export async function readLastSequence(database: Database, run: string): Promise<number> {
  const [row] = await database
    .select({ last: max(runEvents.sequence) })
    .from(runEvents)
    .where(eq(runEvents.runId, run));
  return row?.last ?? 0;
}
