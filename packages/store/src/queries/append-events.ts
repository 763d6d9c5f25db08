import type { JsonValue } from '@kumiki/flow';
import { type SQL, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';

export type RunEventRow = { readonly sequence: number; readonly event: JsonValue };

/**
 * A part of a statement: writes events of the run that the part named `held` found, as (workspace_id, id). Those that are
 * there already, because their writing was never confirmed, stay as they are.
 */
export function appendFrom(held: SQL, events: readonly RunEventRow[]): SQL {
  return sql`
    insert into run_events (workspace_id, run_id, sequence, event)
    select ${held}.workspace_id, ${held}.id, entry.sequence, entry.event
    from jsonb_to_recordset(${JSON.stringify(cleanJson(events))}::jsonb) as entry(sequence bigint, event jsonb), ${held}
    on conflict (run_id, sequence) do nothing`;
}
