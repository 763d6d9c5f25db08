import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import type { DocumentTarget, SubjectTarget } from '../schema/forgettings.ts';
import { forgottenMessage } from './redact-runs.ts';

/** A question keeps its place, its topic and what it belongs to by another name, so that what was measured stays true. */
const redactedContent = sql`
  content || jsonb_build_object(
    'id', number::text, 'question', '', 'references', '[]'::jsonb, 'passages', '[]'::jsonb, 'inputs', '{}'::jsonb,
    'cluster', md5(content ->> 'cluster'))`;

/**
 * Takes a document out of questions and out of what arms answered: texts, citations, passages and reasons of the judge go;
 * scores and times stay. Its hashes count everywhere, its sentences where a flow that reads it was measured, and in
 * question sets that nobody asked yet.
 */
export async function redactExperimentsOfDocument(
  database: Database,
  { workspace, target }: { readonly workspace: string; readonly target: DocumentTarget },
): Promise<void> {
  const { contentHashes, flows, quotes } = target;
  const hashes = sql`${sql.param([...contentHashes])}::text[]`;
  const reading = sql`${sql.param([...flows])}::text[]`;
  const quotedIn = (text: SQL) => sql`
    exists (select from unnest(${sql.param([...quotes])}::text[]) as needle where position(needle in ${text}) > 0)`;
  await redactQuestions(
    database,
    workspace,
    sql`(question.source_hash = any(${hashes}) or (${quotedIn(sql`question.content::text`)} and (
      not exists (select from experiments where experiments.question_set_id = question.question_set_id)
      or exists (
        select from experiments
        where experiments.question_set_id = question.question_set_id and experiments.flows && ${reading}))))`,
  );
  await redactAnswers(
    database,
    workspace,
    sql`experiment.flows && ${reading} and ${quotedIn(
      sql`concat_ws(' ', to_jsonb(answer.text), answer.citations, answer.passages, answer.error)`,
    )}`,
  );
}

/** Takes a person's questions away, with what arms answered to them. */
export async function redactExperimentsOfSubject(
  database: Database,
  { workspace, target }: { readonly workspace: string; readonly target: SubjectTarget },
): Promise<void> {
  await redactQuestions(database, workspace, sql`question.subject = ${target.subject}`);
}

async function redactQuestions(database: Database, workspace: string, which: SQL): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`
      with gone as (
        update questions question
        set content = ${redactedContent}, source_hash = null, subject = null, redacted_at = now()
        where question.workspace_id = ${workspace} and question.redacted_at is null and ${which}
        returning question.question_set_id)
      update question_sets set redacted_at = coalesce(redacted_at, now()), findings = (
        select coalesce(jsonb_agg(finding || '{"places": []}'::jsonb), '[]') from jsonb_array_elements(findings) finding)
      where id in (select question_set_id from gone)`);
    await redactAnswers(
      transaction,
      workspace,
      sql`exists (
        select from questions question
        where question.question_set_id = experiment.question_set_id and question.number = answer."row"
          and question.redacted_at is not null)`,
    );
  });
}

async function redactAnswers(database: Database, workspace: string, which: SQL): Promise<void> {
  await database.execute(sql`
    with redacted as (
      update experiment_answers answer
      set text = null, citations = '[]', redacted_at = now(),
        passages = case when answer.passages is null then null else '[]'::jsonb end,
        error = case when answer.error is null then null
          else answer.error || ${JSON.stringify({ message: forgottenMessage })}::jsonb end
      from experiments experiment
      where experiment.id = answer.experiment_id and answer.workspace_id = ${workspace}
        and answer.redacted_at is null and ${which}
      returning answer.experiment_id, answer."row")
    update experiment_judgements judgement set reasons = '[]'
    from redacted
    where judgement.experiment_id = redacted.experiment_id and judgement."row" = redacted."row"`);
}
