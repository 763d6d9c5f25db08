import { and, asc, eq, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
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
