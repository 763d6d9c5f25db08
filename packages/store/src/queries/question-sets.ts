import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import type { QuestionContent, QuestionSetCounts } from '../schema/question-sets.ts';
import { questionSets, questions } from '../schema/tables.ts';
import { makePage, type Page, type PageOptions, pageLimit, parseNumberCursor } from './page.ts';

export type QuestionSetRow = typeof questionSets.$inferSelect;
export type QuestionRow = typeof questions.$inferSelect;

export type NewQuestionSet = {
  readonly workspace: string;
  readonly name: string;
  readonly sha256: string;
  readonly source: QuestionSetRow['source'];
  readonly counts: QuestionSetCounts;
  readonly findings: JsonValue;
  /** In their order: they are numbered from 1. */
  readonly questions: readonly {
    readonly content: QuestionContent;
    readonly sourceHash: string | null;
    readonly subject: string | null;
  }[];
};

const rowsPerStatement = 500;

/** Freezes questions: all of them, or nothing. */
export function insertQuestionSet(database: Database, set: NewQuestionSet): Promise<QuestionSetRow> {
  const { workspace, name, sha256, source, counts, findings } = set;
  return database.transaction(async (transaction) => {
    const [row] = await transaction
      .insert(questionSets)
      .values({
        ...{ id: createId(), workspaceId: workspace, name: cleanText(name), sha256, source, counts },
        findings: cleanJson(findings),
      })
      .returning();
    if (row === undefined) throw new Error('an insert gave no row back');
    for (let start = 0; start < set.questions.length; start += rowsPerStatement) {
      await transaction.insert(questions).values(
        set.questions.slice(start, start + rowsPerStatement).map(({ content, sourceHash, subject }, place) => ({
          workspaceId: workspace,
          questionSetId: row.id,
          number: start + place + 1,
          content: cleanJson(content),
          sourceHash,
          subject: cleanJson(subject),
        })),
      );
    }
    return row;
  });
}

type QuestionSetAddress = { readonly workspace: string; readonly questionSet: string };

/** Throws `question-set-unknown`. */
export async function readQuestionSet(database: Database, at: QuestionSetAddress): Promise<QuestionSetRow> {
  const [row] = await database.select().from(questionSets).where(whereSet(at));
  return row ?? refuseUnknown();
}

/** Newest first. */
export async function listQuestionSets(
  database: Database,
  options: PageOptions & { readonly workspace: string },
): Promise<Page<QuestionSetRow>> {
  const rows = await database
    .select()
    .from(questionSets)
    .where(
      and(
        eq(questionSets.workspaceId, options.workspace),
        options.cursor === undefined ? undefined : lt(questionSets.id, options.cursor),
      ),
    )
    .orderBy(desc(questionSets.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, ({ id }) => id);
}

/** In their order. Throws `question-set-unknown`, `cursor-invalid`. */
export async function listQuestions(
  database: Database,
  options: PageOptions & QuestionSetAddress,
): Promise<Page<QuestionRow>> {
  const { id } = await readQuestionSet(database, options);
  const after = parseNumberCursor(options.cursor);
  const rows = await database
    .select()
    .from(questions)
    .where(and(eq(questions.questionSetId, id), after === undefined ? undefined : gt(questions.number, after)))
    .orderBy(asc(questions.number))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, ({ number }) => String(number));
}

/** All of them, in their order, a few hundred at a time. */
export async function* readQuestions(database: Database, at: QuestionSetAddress): AsyncGenerator<QuestionRow> {
  for (let cursor: string | undefined; ; ) {
    const page = await listQuestions(database, { ...at, cursor, limit: rowsPerStatement });
    yield* page.items;
    if (page.next === null) return;
    cursor = page.next;
  }
}

/** Throws `question-set-unknown`, and `question-set-in-use` where an experiment asked it. */
export async function deleteQuestionSet(database: Database, at: QuestionSetAddress): Promise<void> {
  await database.transaction(async (transaction) => {
    // Held, so that no experiment begins with it meanwhile.
    const [row] = await transaction.select().from(questionSets).where(whereSet(at)).for('update');
    if (row === undefined) refuseUnknown();
    const users = await selectRows<{ name: string }>(
      transaction,
      sql`select name from experiments where question_set_id = ${row.id} order by id limit 10`,
    );
    if (users.length > 0) throw refuseUsed(users.map(({ name }) => name));
    await transaction.delete(questionSets).where(eq(questionSets.id, row.id));
  });
}

function whereSet(at: QuestionSetAddress) {
  return and(eq(questionSets.workspaceId, at.workspace), eq(questionSets.id, at.questionSet));
}

function refuseUsed(names: readonly string[]): KumikiError {
  return new KumikiError({
    code: 'question-set-in-use',
    status: 409,
    message: {
      en: `These experiments asked the question set: ${names.map((name) => `“${name}”`).join(', ')}. Delete them first.`,
      ja: `この質問セットは次の実験で使われています：${names.map((name) => `「${name}」`).join('')}。先にそれらの実験を削除してください。`,
    },
  });
}

function refuseUnknown(): never {
  throw new KumikiError({
    code: 'question-set-unknown',
    status: 404,
    message: {
      en: 'There is no such question set. It may have been deleted; choose one from the list.',
      ja: '指定された質問セットはありません。削除された可能性があります。一覧から選んでください。',
    },
  });
}
