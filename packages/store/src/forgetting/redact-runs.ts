import type { JsonValue } from '@kumiki/flow';
import { type SQL, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import type { DocumentTarget } from '../schema/forgettings.ts';

/** Gives an event without what it says of contents: what is left is that it happened, and when. */
export type RedactEvent = (event: JsonValue) => JsonValue;

type Scope = { readonly workspace: string; readonly target: DocumentTarget };

const runsPerStatement = 200;
const eventsPerStatement = 200;

/**
 * Runs that quote a document: their inputs, outputs or events name it or hold a sentence of it. Events tell samples
 * only, of which the first may show where the rest of what a node was given came from; so a run either quotes or not.
 * Runs that are under way are left for later: they still need what they were asked.
 */
export async function* findQuotingRuns(
  database: Database,
  { workspace, target }: Scope,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    signal.throwIfAborted();
    const rows = await selectRows<{ id: string; quotes: boolean }>(
      database,
      sql`
        select run.id, redacted_at is null and state not in ('queued', 'running') and (
          ${holds(sql`concat_ws(' ', run.inputs, run.outputs, run.error)`, sql`run.flow_id`, target)}
          or exists (
            select from run_events
            where run_id = run.id and ${holds(sql`event::text`, sql`run.flow_id`, target)})) as quotes
        from runs run where workspace_id = ${workspace} and id > ${after} order by id limit ${runsPerStatement}`,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    const quoting = rows.flatMap(({ id, quotes }) => (quotes ? [id] : []));
    if (quoting.length > 0) yield quoting;
    after = last.id;
  }
}

/** Whether a text quotes the document. Its hashes count everywhere, all else in runs of flows that read it. */
function holds(text: SQL, flow: SQL, { contentHashes, flows, quotes }: DocumentTarget): SQL {
  const among = (needles: readonly string[]) => sql`
    exists (select from unnest(${sql.param(needles)}::text[]) as needle where position(needle in ${text}) > 0)`;
  return sql`(${among(contentHashes)} or (${flow} = any(${sql.param(flows)}::uuid[]) and ${among(quotes)}))`;
}

/**
 * Takes from runs what they were asked, what they answered and what their events show. That they ran, how they ended,
 * and how long each node took stays.
 */
export async function redactRuns(
  database: Database,
  runs: readonly string[],
  redactEvent: RedactEvent,
  signal: AbortSignal,
): Promise<void> {
  for (const run of runs) await redactEvents(database, run, redactEvent, signal);
  const ids = sql.param(runs);
  await database.execute(sql`delete from idempotency_keys where run_id = any(${ids}::uuid[])`);
  // A turn is remembered for the next question of its conversation, and says the same once more.
  await database.execute(sql`delete from conversation_turns where run_id = any(${ids}::uuid[])`);
  await database.execute(sql`update run_feedback set comment = null where run_id = any(${ids}::uuid[])`);
  // Last, since it says that the run is done with.
  await database.execute(sql`
    update runs set inputs = '{}', outputs = null, redacted_at = now(),
      error = case when error is null then null
        else error || ${JSON.stringify({ message: forgottenMessage })}::jsonb end
    where id = any(${ids}::uuid[])`);
}

async function redactEvents(
  database: Database,
  run: string,
  redactEvent: RedactEvent,
  signal: AbortSignal,
): Promise<void> {
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const rows = await selectRows<{ sequence: number; event: JsonValue }>(
      database,
      sql`
        select sequence::float8 as sequence, event from run_events where run_id = ${run} and sequence > ${after}
        order by sequence limit ${eventsPerStatement}`,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    const redacted = rows.map(({ sequence, event }) => ({ sequence, event: redactEvent(event) }));
    await database.execute(sql`
      update run_events set event = redacted.event
      from jsonb_to_recordset(${JSON.stringify(redacted)}::jsonb) as redacted(sequence bigint, event jsonb)
      where run_id = ${run} and run_events.sequence = redacted.sequence`);
    after = last.sequence;
  }
}

/** Stands where an error told what was wrong with something that was forgotten. */
export const forgottenMessage = {
  en: 'What stood here was forgotten at somebody’s request.',
  ja: 'ここにあった内容は、依頼により消去されました。',
};
