import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, arrayContains, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { experiments, runs } from '../schema/tables.ts';
import { makePage, type Page, type PageOptions, pageLimit } from './page.ts';

/** An experiment, how its run stands, and how many of its answers are there. */
export type ExperimentRow = typeof experiments.$inferSelect &
  Pick<typeof runs.$inferSelect, 'state' | 'error' | 'startedAt' | 'endedAt'> & {
    readonly made: number;
    readonly failed: number;
  };

export type NewExperiment = {
  readonly workspace: string;
  readonly run: string;
  readonly questionSet: string;
  readonly name: string;
  readonly seed: number;
  readonly repetitions: number;
  readonly planned: number;
  readonly flows: readonly string[];
  readonly settings: JsonValue;
  readonly arms: JsonValue;
  readonly findings: JsonValue;
};

/** Call it within the transaction that writes its run. Gives its id. */
export async function insertExperiment(transaction: Database, experiment: NewExperiment): Promise<string> {
  const { workspace, run, questionSet, name, seed, repetitions, planned, flows, settings, arms, findings } = experiment;
  const id = createId();
  await transaction.insert(experiments).values({
    ...{ id, workspaceId: workspace, runId: run, questionSetId: questionSet, seed, repetitions, planned },
    name: cleanText(name),
    flows: [...new Set(flows)],
    settings: cleanJson(settings),
    arms: cleanJson(arms),
    findings: cleanJson(findings),
  });
  return id;
}

const answersOf = (which: string) =>
  sql<number>`(select count(*)::int from experiment_answers where experiment_id = ${experiments.id} ${sql.raw(which)})`;

function selectExperiments(database: Database) {
  return database
    .select({
      ...getTableColumns(experiments),
      ...{ state: runs.state, error: runs.error, startedAt: runs.startedAt, endedAt: runs.endedAt },
      made: answersOf(''),
      failed: answersOf("and state = 'failed'"),
    })
    .from(experiments)
    .innerJoin(runs, eq(runs.id, experiments.runId));
}

type ExperimentAddress = { readonly workspace: string; readonly experiment: string };

/** Throws `experiment-unknown`. */
export async function readExperiment(database: Database, at: ExperimentAddress): Promise<ExperimentRow> {
  const [row] = await selectExperiments(database).where(whereExperiment(at));
  return row ?? refuseUnknown();
}

/** The experiment that a run carries out. Throws `experiment-unknown`. */
export async function readExperimentOfRun(database: Database, run: string): Promise<ExperimentRow> {
  const [row] = await selectExperiments(database).where(eq(experiments.runId, run));
  return row ?? refuseUnknown();
}

/** Newest first; with `flow`, those with an arm of it. */
export async function listExperiments(
  database: Database,
  options: PageOptions & { readonly workspace: string; readonly flow?: string | undefined },
): Promise<Page<ExperimentRow>> {
  const rows = await selectExperiments(database)
    .where(
      and(
        eq(experiments.workspaceId, options.workspace),
        options.flow === undefined ? undefined : arrayContains(experiments.flows, [options.flow]),
        options.cursor === undefined ? undefined : lt(experiments.id, options.cursor),
      ),
    )
    .orderBy(desc(experiments.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, ({ id }) => id);
}

/** Throws `experiment-unknown`. */
export async function putExperimentForm(
  database: Database,
  at: ExperimentAddress & { readonly form: JsonValue },
): Promise<void> {
  const changed = await database
    .update(experiments)
    .set({ form: cleanJson(at.form) })
    .where(whereExperiment(at))
    .returning({ id: experiments.id });
  if (changed.length === 0) refuseUnknown();
}

/** With its run and all answers. Throws `experiment-unknown`, and `experiment-under-way` where its run has not ended. */
export async function deleteExperiment(database: Database, at: ExperimentAddress): Promise<void> {
  await database.transaction(async (transaction) => {
    const { runId, state } = await readExperiment(transaction, at);
    if (state === 'queued' || state === 'running') throw refuseUnderWay();
    await transaction.delete(runs).where(eq(runs.id, runId));
  });
}

function whereExperiment(at: ExperimentAddress) {
  return and(eq(experiments.workspaceId, at.workspace), eq(experiments.id, at.experiment));
}

export function refuseUnderWay(): KumikiError {
  return new KumikiError({
    code: 'experiment-under-way',
    status: 409,
    message: {
      en: 'The experiment has not ended yet. Wait for its end, or cancel its run.',
      ja: 'この実験はまだ終わっていません。終わるまで待つか、実行を中止してください。',
    },
  });
}

function refuseUnknown(): never {
  throw new KumikiError({
    code: 'experiment-unknown',
    status: 404,
    message: {
      en: 'There is no such experiment. It may have been deleted; look at the list of experiments.',
      ja: '指定された実験はありません。削除された可能性があります。実験の一覧を確認してください。',
    },
  });
}
