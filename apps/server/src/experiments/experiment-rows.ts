import {
  type AnswerMeasure,
  type Database,
  type ExperimentRow,
  listAnswerMeasures,
  listAnswers,
  listJudgements,
  parseNumberCursor,
  type QuestionRow,
  readQuestions,
} from '@kumiki/store';
import { describeRow } from './describe-experiment.ts';
import { readFindings, readSettings } from './experiment-settings.ts';

type ListOptions = {
  readonly order: 'number' | 'difference';
  readonly topic?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

/** Questions with the answers of all arms. `cursor` counts the rows of earlier pages. Throws `cursor-invalid`. */
export async function listExperimentRows(database: Database, experiment: ExperimentRow, options: ListOptions) {
  const from = parseNumberCursor(options.cursor) ?? 0;
  const { primary } = readSettings(experiment.settings);
  const { trained } = readFindings(experiment.findings);
  const differences = findDifferences(await listAnswerMeasures(database, experiment.id), primary);
  const questions: QuestionRow[] = [];
  const set = { workspace: experiment.workspaceId, questionSet: experiment.questionSetId };
  for await (const question of readQuestions(database, set)) {
    if (options.topic === undefined || question.content.topic === options.topic) questions.push(question);
  }
  const widest = (row: QuestionRow) => differences.get(row.number) ?? Number.NEGATIVE_INFINITY;
  const ordered =
    options.order === 'number'
      ? questions
      : questions.toSorted((one, other) => widest(other) - widest(one) || one.number - other.number);
  const page = ordered.slice(from, from + options.limit);
  const numbers = page.map(({ number }) => number);
  const answers = page.length === 0 ? [] : await listAnswers(database, experiment.id, numbers);
  const judgements = page.length === 0 ? [] : await listJudgements(database, experiment.id, numbers);
  const items = page.map((question) =>
    describeRow({
      question,
      answers: answers.filter(({ row }) => row === question.number),
      judgements: judgements.filter(({ row }) => row === question.number),
      isLeftOut: trained.some(({ row }) => row === question.number),
      difference: differences.get(question.number) ?? null,
    }),
  );
  return { items, next: from + page.length < ordered.length ? String(from + page.length) : null };
}

/** By row: the best arm less the worst, each by the mean of its repetitions; none where fewer than two have a value. */
export function findDifferences(measures: readonly AnswerMeasure[], metric: string): ReadonlyMap<number, number> {
  const values = new Map<number, Map<string, number[]>>();
  for (const { row, arm, scores } of measures) {
    const value = scores[metric];
    if (typeof value !== 'number') continue;
    const ofRow = values.get(row) ?? new Map<string, number[]>();
    ofRow.set(arm, [...(ofRow.get(arm) ?? []), value]);
    values.set(row, ofRow);
  }
  const differences = new Map<number, number>();
  for (const [row, ofRow] of values) {
    const means = [...ofRow.values()].map((scores) => scores.reduce((sum, one) => sum + one, 0) / scores.length);
    if (means.length > 1) differences.set(row, Math.max(...means) - Math.min(...means));
  }
  return differences;
}
