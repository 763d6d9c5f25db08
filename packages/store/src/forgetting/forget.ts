import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import type { ForgettingTarget } from '../schema/forgettings.ts';
import { forgettings } from '../schema/tables.ts';
import { forgetDocument } from './forget-document.ts';
import { forgetSubject } from './forget-subject.ts';
import type { RedactEvent } from './redact-runs.ts';
import { type RewriteDataSet, rewriteDataSets } from './rewrite-data-sets.ts';

type ForgettingRow = typeof forgettings.$inferSelect;

export type ForgetOptions = {
  readonly workspace: string;
  readonly redactEvent: RedactEvent;
  /** False where an answer that began before this time is not written down yet. */
  readonly settleAnswers: (before: Date) => Promise<boolean>;
  /** A data set's value without the examples of some documents; the very same where it has none of them. */
  readonly rewriteDataSet: RewriteDataSet;
  /** Runs what puts contents into the blob store and writes the rows that name them. */
  readonly keepContents: (work: () => Promise<void>) => Promise<void>;
  /** Takes contents out of the blob store, where nothing names them any more. */
  readonly releaseContents: (contentHashes: readonly string[]) => Promise<void>;
};

/** Writes down what has to go. From then on it goes, whatever is interrupted. */
export async function beginForgetting(
  database: Database,
  { workspace, target }: { readonly workspace: string; readonly target: ForgettingTarget },
): Promise<void> {
  await database.insert(forgettings).values({ id: createId(), workspaceId: workspace, target: cleanJson(target) });
}

/**
 * Does what is left to do of everything that is to be forgotten. Gives how many forgettings wait: a run that was under
 * way may still write what it had read, so all is gone over once more when the last of those runs has ended.
 */
export async function continueForgettings(
  database: Database,
  options: ForgetOptions,
  signal: AbortSignal,
): Promise<number> {
  const rows = await database
    .select()
    .from(forgettings)
    .where(eq(forgettings.workspaceId, options.workspace))
    .orderBy(asc(forgettings.id));
  let waiting = 0;
  for (const row of rows) {
    const sweptAt = row.sweptAt ?? (await sweepFirst(database, options, row, signal));
    const isSettled = await options.settleAnswers(sweptAt);
    if (!isSettled || (await isUnderWay(database, options.workspace, sweptAt))) {
      waiting++;
      continue;
    }
    await sweep(database, options, row, signal);
    await database.delete(forgettings).where(eq(forgettings.id, row.id));
  }
  return waiting;
}

async function sweepFirst(
  database: Database,
  options: ForgetOptions,
  row: ForgettingRow,
  signal: AbortSignal,
): Promise<Date> {
  await sweep(database, options, row, signal);
  const [swept] = await database
    .update(forgettings)
    .set({ sweptAt: sql`now()` })
    .where(eq(forgettings.id, row.id))
    .returning({ sweptAt: forgettings.sweptAt });
  return swept?.sweptAt ?? new Date();
}

async function sweep(
  database: Database,
  { workspace, redactEvent, rewriteDataSet, keepContents, releaseContents }: ForgetOptions,
  { target }: ForgettingRow,
  signal: AbortSignal,
): Promise<void> {
  switch (target.kind) {
    case 'document': {
      const replaced: string[] = [];
      const forgetExamples = (which: SQL) =>
        keepContents(async () => {
          replaced.push(...(await rewriteDataSets(database, { workspace, target, which, rewriteDataSet }, signal)));
        });
      await forgetDocument(database, { workspace, target, redactEvent, forgetExamples }, signal);
      await releaseContents([...target.contentHashes, ...replaced]);
      return;
    }
    case 'subject':
      await forgetSubject(database, { workspace, target }, signal);
  }
}

async function isUnderWay(database: Database, workspace: string, before: Date): Promise<boolean> {
  const rows = await selectRows(
    database,
    sql`
      select 1 from runs where workspace_id = ${workspace} and state in ('queued', 'running')
        and created_at <= ${before.toISOString()}::timestamptz limit 1`,
  );
  return rows.length > 0;
}
