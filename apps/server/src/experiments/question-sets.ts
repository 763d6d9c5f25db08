import { KumikiError } from '@kumiki/node-sdk';
import { insertQuestionSet, type QuestionRow, type QuestionSetRow } from '@kumiki/store';
import type { z } from 'zod';
import type { questionSetSchema } from '../contract/question-sets.ts';
import { QuestionCollector, type RowFinding } from './question-collector.ts';
import { collectQuestions, type QuestionSource, type SourceParts } from './question-sources.ts';

/** Reads questions and freezes those that can be asked. Throws `questions-none` where there are none. */
export async function createQuestionSet(
  parts: SourceParts,
  { name, source }: { readonly name: string; readonly source: QuestionSource },
): Promise<QuestionSetRow> {
  const collector = new QuestionCollector();
  await collectQuestions(parts, source, collector);
  const { questions, counts, sha256 } = collector.finish();
  if (questions.length === 0) throw refuseEmpty(collector.findings);
  return insertQuestionSet(parts.database, {
    ...{ workspace: parts.workspace, name, source: source.kind, questions, counts, sha256 },
    // Plain data; its type speaks of arrays that may be written to.
    findings: collector.findings as never,
  });
}

export function describeQuestionSet(row: QuestionSetRow): z.infer<typeof questionSetSchema> {
  const { id, name, sha256, source, counts, findings, redactedAt, createdAt } = row;
  return {
    ...{ id, name, sha256, source },
    redacted: redactedAt !== null,
    counts: { ...counts },
    // The edge back: what `createQuestionSet` wrote.
    findings: findings as unknown as RowFinding[],
    createdAt: createdAt.toISOString(),
  };
}

export function describeQuestion({ number, content }: QuestionRow) {
  const { references, passages, ...rest } = content;
  return { number, ...rest, references: [...references], passages: passages.map((passage) => ({ ...passage })) };
}

function refuseEmpty(findings: readonly RowFinding[]): KumikiError {
  const list = (language: 'en' | 'ja') =>
    findings
      .slice(0, 3)
      .map(({ message, count, places: [first] }) => {
        const line = first?.line ?? null;
        const where = line === null ? '' : language === 'en' ? `, first at line ${line}` : `、最初は ${line} 行目`;
        return language === 'en' ? `${message.en} (${count}${where})` : `${message.ja}（${count} 件${where}）`;
      })
      .join(language === 'en' ? ' ' : '');
  return new KumikiError({
    code: 'questions-none',
    status: 422,
    path: '/source',
    message: {
      en: `There is no question to ask. ${list('en')}`.trim(),
      ja: `質問が 1 件もありません。${list('ja')}`,
    },
  });
}
