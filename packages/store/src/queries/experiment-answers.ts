import type { JsonValue } from '@kumiki/flow';
import { and, asc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import type { AnswerScores, Verdict } from '../schema/experiments.ts';
import { experimentAnswers, experimentJudgements, experimentLabels, experiments } from '../schema/tables.ts';
import { type RunAttempt, refuseTakenOver } from './runs.ts';

export type ExperimentAnswerRow = typeof experimentAnswers.$inferSelect;
export type ExperimentJudgementRow = typeof experimentJudgements.$inferSelect;
export type ExperimentLabelRow = typeof experimentLabels.$inferSelect;

/** Which answer: unique within its experiment. */
export type AnswerKey = Pick<ExperimentAnswerRow, 'arm' | 'row' | 'repetition'>;

export type NewAnswer = AnswerKey &
  Pick<
    ExperimentAnswerRow,
    | 'state'
    | 'text'
    | 'citations'
    | 'passages'
    | 'usage'
    | 'error'
    | 'scores'
    | 'firstTokenMilliseconds'
    | 'totalMilliseconds'
  >;

type Owned = { readonly workspace: string; readonly experiment: string };

/** Throws `run-taken-over` where another attempt has the run, or it has ended: nobody may write beside it. */
async function holdAttempt(transaction: Database, { run, attempt }: RunAttempt): Promise<void> {
  const held = await selectRows(
    transaction,
    sql`select 1 from runs where id = ${run} and attempt = ${attempt} and state = 'running' for share`,
  );
  if (held.length === 0) throw refuseTakenOver();
}

/** Keeps an answer. One that is there already stays as it is. Throws `run-taken-over`. */
export async function keepAnswer(database: Database, at: Owned & RunAttempt, answer: NewAnswer): Promise<void> {
  await database.transaction(async (transaction) => {
    await holdAttempt(transaction, at);
    await transaction
      .insert(experimentAnswers)
      .values({ ...cleanJson(answer), workspaceId: at.workspace, experimentId: at.experiment })
      .onConflictDoNothing();
  });
}

/** Adds scores to those that an answer has. Throws `run-taken-over`. */
export async function addScores(
  database: Database,
  at: Owned & RunAttempt,
  scored: readonly (AnswerKey & { readonly scores: AnswerScores })[],
): Promise<void> {
  if (scored.length === 0) return;
  await database.transaction(async (transaction) => {
    await holdAttempt(transaction, at);
    await transaction.execute(sql`
      update experiment_answers answer set scores = answer.scores || scored.scores
      from jsonb_to_recordset(${JSON.stringify(scored)}::jsonb) as scored(arm text, "row" int, repetition int, scores jsonb)
      where answer.experiment_id = ${at.experiment} and answer.arm = scored.arm and answer."row" = scored."row"
        and answer.repetition = scored.repetition`);
  });
}

/** Adds what was found out about new facts. Throws `run-taken-over`. */
export async function addExperimentFacts(
  database: Database,
  at: Owned & RunAttempt,
  facts: readonly JsonValue[],
): Promise<void> {
  await database.transaction(async (transaction) => {
    await holdAttempt(transaction, at);
    await transaction
      .update(experiments)
      .set({ facts: sql`${experiments.facts} || ${JSON.stringify(cleanJson(facts))}::jsonb` })
      .where(eq(experiments.id, at.experiment));
  });
}

/** Which answers are there, without what they say. */
export function listAnswerKeys(database: Database, experiment: string): Promise<(AnswerKey & { state: string })[]> {
  const { arm, row, repetition, state } = experimentAnswers;
  return database
    .select({ arm, row, repetition, state })
    .from(experimentAnswers)
    .where(eq(experimentAnswers.experimentId, experiment));
}

const answerOrder = [asc(experimentAnswers.row), asc(experimentAnswers.arm), asc(experimentAnswers.repetition)];

/** By row, arm and repetition; all of them, or those of some rows. */
export function listAnswers(
  database: Database,
  experiment: string,
  rows?: readonly number[],
): Promise<ExperimentAnswerRow[]> {
  return database
    .select()
    .from(experimentAnswers)
    .where(
      and(
        eq(experimentAnswers.experimentId, experiment),
        rows === undefined ? undefined : inArray(experimentAnswers.row, [...rows]),
      ),
    )
    .orderBy(...answerOrder);
}

/** What tells of quality and time, without texts: of 10,000 answers a few megabytes. */
export function listAnswerMeasures(database: Database, experiment: string) {
  const { arm, row, repetition, state, usage, scores, firstTokenMilliseconds, totalMilliseconds } = experimentAnswers;
  return database
    .select({
      ...{ arm, row, repetition, state, usage, scores, firstTokenMilliseconds, totalMilliseconds },
      code: sql<string | null>`${experimentAnswers.error} ->> 'code'`,
      hasText: sql<boolean>`${experimentAnswers.text} is not null`,
      isRedacted: sql<boolean>`${experimentAnswers.redactedAt} is not null`,
    })
    .from(experimentAnswers)
    .where(eq(experimentAnswers.experimentId, experiment))
    .orderBy(...answerOrder);
}

export type AnswerMeasure = Awaited<ReturnType<typeof listAnswerMeasures>>[number];

/** Answers of rows from one number to another, for reading them a part at a time. */
export function listAnswersBetween(
  database: Database,
  experiment: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ExperimentAnswerRow[]> {
  return database
    .select()
    .from(experimentAnswers)
    .where(
      and(
        eq(experimentAnswers.experimentId, experiment),
        gte(experimentAnswers.row, from),
        lte(experimentAnswers.row, to),
      ),
    )
    .orderBy(...answerOrder);
}

export type NewJudgement = Pick<
  ExperimentJudgementRow,
  'row' | 'first' | 'second' | 'verdict' | 'swappedVerdict' | 'reasons' | 'error'
>;

/** Keeps what the judge said. What is there already stays. Throws `run-taken-over`. */
export async function keepJudgement(
  database: Database,
  at: Owned & RunAttempt,
  judgement: NewJudgement,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await holdAttempt(transaction, at);
    await transaction
      .insert(experimentJudgements)
      .values({ ...cleanJson(judgement), workspaceId: at.workspace, experimentId: at.experiment })
      .onConflictDoNothing();
  });
}

export function listJudgements(
  database: Database,
  experiment: string,
  rows?: readonly number[],
): Promise<ExperimentJudgementRow[]> {
  return database
    .select()
    .from(experimentJudgements)
    .where(
      and(
        eq(experimentJudgements.experimentId, experiment),
        rows === undefined ? undefined : inArray(experimentJudgements.row, [...rows]),
      ),
    )
    .orderBy(asc(experimentJudgements.row), asc(experimentJudgements.first), asc(experimentJudgements.second));
}

export type LabelKey = Pick<ExperimentLabelRow, 'row' | 'first' | 'second'>;

/** Keeps what a person says of a pair, in the place of what they said before; null takes it back. */
export async function putLabel(
  database: Database,
  at: Owned & LabelKey & { readonly caller: string },
  verdict: Verdict | null,
): Promise<void> {
  const { workspace, experiment, row, first, second, caller } = at;
  if (verdict === null) {
    await database
      .delete(experimentLabels)
      .where(
        and(
          eq(experimentLabels.experimentId, experiment),
          eq(experimentLabels.row, row),
          eq(experimentLabels.first, first),
          eq(experimentLabels.second, second),
          eq(experimentLabels.caller, caller),
        ),
      );
    return;
  }
  await database
    .insert(experimentLabels)
    .values({ workspaceId: workspace, experimentId: experiment, row, first, second, caller, verdict })
    .onConflictDoUpdate({
      target: [
        experimentLabels.experimentId,
        experimentLabels.row,
        experimentLabels.first,
        experimentLabels.second,
        experimentLabels.caller,
      ],
      set: { verdict, updatedAt: sql`now()` },
    });
}

export function listLabels(database: Database, experiment: string): Promise<ExperimentLabelRow[]> {
  return database
    .select()
    .from(experimentLabels)
    .where(eq(experimentLabels.experimentId, experiment))
    .orderBy(asc(experimentLabels.row), asc(experimentLabels.first), asc(experimentLabels.second));
}
