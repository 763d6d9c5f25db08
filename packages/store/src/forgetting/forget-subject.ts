import { type SQL, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import type { SubjectTarget } from '../schema/forgettings.ts';
import { redactExperimentsOfSubject } from './redact-experiments.ts';

type Scope = { readonly workspace: string; readonly target: SubjectTarget };

/** What of a person would go, or went. */
export type ForgottenSubject = { readonly runs: number };

const runsPerStatement = 500;

/** What forgetting would take away. Changes nothing. */
export async function countSubject(database: Database, { workspace, target }: Scope): Promise<ForgottenSubject> {
  const [row] = await selectRows<{ runs: number }>(
    database,
    sql`
      select count(*)::float8 as runs from runs where workspace_id = ${workspace} and subject = ${target.subject}`,
  );
  return { runs: row?.runs ?? 0 };
}

/**
 * Takes away what was asked for a person, with answers, events and the turns of conversations. Runs that are under way are asked to stop, and go
 * when they have.
 */
export async function forgetSubject(
  database: Database,
  { workspace, target }: Scope,
  signal: AbortSignal,
): Promise<void> {
  const isTheirs = sql`workspace_id = ${workspace} and subject = ${target.subject}`;
  await database.execute(sql`
    update runs set cancel_requested_at = coalesce(cancel_requested_at, now()) where ${isTheirs} and state = 'running'`);
  await database.transaction((transaction) => forgetTurns(transaction, isTheirs));
  await redactExperimentsOfSubject(database, { workspace, target });
  for (;;) {
    signal.throwIfAborted();
    const gone = await selectRows(
      database,
      sql`
        with gone as (
          delete from runs where id in (
            select id from runs where ${isTheirs} and state <> 'running' order by id limit ${runsPerStatement})
          returning id),
        answers as (
          delete from idempotency_keys where run_id in (select id from gone))
        select 1 from gone`,
    );
    if (gone.length === 0) return;
  }
}

/** Conversations are locked first: a turn of somebody else that is just being kept must not go with an empty one. */
async function forgetTurns(transaction: Database, isTheirs: SQL): Promise<void> {
  const touched = await selectRows<{ id: string }>(
    transaction,
    sql`
      select id from conversations where id in (select conversation_id from conversation_turns where ${isTheirs})
      order by id for update`,
  );
  const ids = sql.param(touched.map(({ id }) => id));
  await transaction.execute(sql`delete from conversation_turns where ${isTheirs}`);
  await transaction.execute(sql`
    delete from conversations where id = any(${ids}::uuid[]) and not exists (
      select from conversation_turns turn where turn.conversation_id = conversations.id)`);
}
