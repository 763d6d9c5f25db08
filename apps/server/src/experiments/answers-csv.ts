import { allMetrics } from '@kumiki/evals';
import { type Database, type ExperimentRow, listAnswersBetween, type QuestionRow, readQuestions } from '@kumiki/store';
import { readArms } from './arms.ts';

const rowsAtOnce = 100;

/** One line for each answer, in the order of the questions. With a byte order mark, by which Excel knows UTF-8. */
export async function* writeAnswersCsv(database: Database, experiment: ExperimentRow): AsyncGenerator<string> {
  const names = new Map(readArms(experiment.arms).map(({ key, name }) => [key, name]));
  const metrics = allMetrics.map(({ id }) => id);
  const head = ['number', 'id', 'question', 'reference', 'topic', 'cluster', 'answerable', 'arm', 'arm name'];
  yield `\ufeff${formatLine([...head, 'repetition', 'state', 'answer', 'error', ...metrics])}`;
  for await (const questions of readBlocks(database, experiment)) {
    const [from, to] = [questions[0]?.number ?? 0, questions.at(-1)?.number ?? 0];
    for (const answer of await listAnswersBetween(database, experiment.id, { from, to })) {
      const content = questions.find(({ number }) => number === answer.row)?.content;
      if (content === undefined) continue;
      const { id, question, references, topic, cluster, answerable } = content;
      const scores = metrics.map((metric) => {
        const value = answer.scores[metric];
        return typeof value === 'number' ? value : '';
      });
      const asked = [answer.row, id, question, references.join('\n'), topic ?? '', cluster, answerable];
      const given = [answer.arm, names.get(answer.arm) ?? '', answer.repetition, answer.state, answer.text ?? ''];
      yield formatLine([...asked, ...given, answer.error?.code ?? '', ...scores]);
    }
  }
}

async function* readBlocks(database: Database, experiment: ExperimentRow): AsyncGenerator<readonly QuestionRow[]> {
  let block: QuestionRow[] = [];
  const set = { workspace: experiment.workspaceId, questionSet: experiment.questionSetId };
  for await (const question of readQuestions(database, set)) {
    block.push(question);
    if (block.length < rowsAtOnce) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

function formatLine(cells: readonly (string | number | boolean)[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/** RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front, so that no answer is executed. */
function formatCell(cell: string | number | boolean): string {
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
