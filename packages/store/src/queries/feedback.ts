import type { JsonValue } from '@kumiki/flow';
import { and, asc, eq, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { runFeedback } from '../schema/tables.ts';
import { readRun } from './runs.ts';

export type FeedbackRow = typeof runFeedback.$inferSelect;
type RunAddress = { readonly workspace: string; readonly run: string };

/** Keeps what a caller thinks of an answer, in the place of what it said before. Throws `run-unknown`. */
export async function putFeedback(
  database: Database,
  at: RunAddress & { readonly caller: string },
  { score, comment }: { readonly score: number; readonly comment: string | null },
): Promise<FeedbackRow> {
  const { id } = await readRun(database, at);
  const said = { score, comment: cleanJson(comment) };
  const [row] = await database
    .insert(runFeedback)
    .values({ workspaceId: at.workspace, runId: id, caller: at.caller, ...said })
    .onConflictDoUpdate({
      target: [runFeedback.runId, runFeedback.caller],
      set: { ...said, updatedAt: sql`now()` },
    })
    .returning();
  if (row === undefined) throw new Error('an insert gave no row back');
  return row;
}

/** Oldest first. A run of another workspace has none. */
export function listFeedback(database: Database, at: RunAddress): Promise<FeedbackRow[]> {
  return database
    .select()
    .from(runFeedback)
    .where(and(eq(runFeedback.workspaceId, at.workspace), eq(runFeedback.runId, at.run)))
    .orderBy(asc(runFeedback.createdAt), asc(runFeedback.caller));
}

/** An answer of an endpoint that callers have rated. */
export type RatedRun = {
  readonly run: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly outputs: JsonValue;
  readonly output: string | null;
  readonly conversation: string | null;
  readonly subject: string | null;
  /** The mean of what callers said, from 0 to 1. */
  readonly score: number;
};

const mostRatedRuns = 20_000;

/** Answers of an endpoint with what callers thought of them, oldest first; those that were forgotten are left out. */
export function listRatedRuns(
  database: Database,
  at: { readonly workspace: string; readonly endpoint: string },
): Promise<readonly RatedRun[]> {
  return selectRows<RatedRun>(
    database,
    sql`
      select run.id::text as run, run.inputs, run.outputs, run.arm as output, run.conversation, run.subject,
        avg(feedback.score)::float8 as score
      from runs run join run_feedback feedback on feedback.run_id = run.id
      where run.workspace_id = ${at.workspace} and run.endpoint_id = ${at.endpoint} and run.state = 'succeeded'
        and run.redacted_at is null
      group by run.id order by run.id limit ${mostRatedRuns}`,
  );
}
