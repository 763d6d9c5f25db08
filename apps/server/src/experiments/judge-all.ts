import {
  type MetricValue,
  notApplicable,
  scoreAnswerCorrectness,
  scoreContextPrecision,
  scoreFaithfulness,
} from '@kumiki/evals';
import { type ErrorReport, KumikiError, reportError } from '@kumiki/node-sdk';
import {
  addScores,
  type ExperimentAnswerRow,
  keepJudgement,
  listAnswers,
  listJudgements,
  type NewJudgement,
  type QuestionContent,
  type Verdict,
} from '@kumiki/store';
import type { OpenArm } from './arms.ts';
import type { KeptSettings } from './experiment-settings.ts';
import { Judge, type JudgeModel } from './judge.ts';
import { metricIds } from './metric-ids.ts';
import { findBaseline, listComparedPairs } from './pairs.ts';
import { Progress } from './progress.ts';
import type { ExperimentJob } from './run-experiment.ts';

/**
 * Has a judge look at what was not judged yet: each answer by itself, and in the first repetition each arm's answer beside
 * the baseline's, in both orders.
 */
export async function judgeAll(
  job: ExperimentJob,
  of: { readonly judge: JudgeModel; readonly arms: readonly OpenArm[]; readonly settings: KeptSettings },
): Promise<void> {
  const { parts, at, questions, emit, signal } = job;
  const { models } = parts.bindServices(() => null)({
    ...{ workspace: at.workspace, run: at.run, kind: 'question', node: 'judge', signal },
  });
  const judge = new Judge(models, of.judge);
  const keys = of.arms.map(({ arm }) => arm.key);
  const pairs = listComparedPairs(keys, findBaseline(keys, of.settings));
  const left = new Map([['judge', questions.size]]);
  const progress = new Progress(emit, { stage: 'judging', total: questions.size, done: 0, failed: 0, left });
  for (const [row, { content }] of questions) {
    signal.throwIfAborted();
    const began = performance.now();
    const answers = await listAnswers(parts.database, at.experiment, [row]);
    for (const answer of answers) {
      if (answer.state === 'failed' || answer.redactedAt !== null || metricIds.answerCorrectness in answer.scores)
        continue;
      const scores = await judgeAnswer(judge, content, answer);
      const { arm, repetition } = answer;
      await addScores(parts.database, at, [{ arm, row, repetition, scores }]);
    }
    const judged = await listJudgements(parts.database, at.experiment, [row]);
    for (const { first, second } of pairs) {
      if (judged.some((one) => one.first === first && one.second === second)) continue;
      const texts = [first, second].map((arm) => readText(answers, arm));
      const [one, other] = texts;
      if (one == null || other == null) continue;
      const judgement = await judgePair(judge, content, one, other);
      await keepJudgement(parts.database, at, { row, first, second, ...judgement });
    }
    progress.step('judge', performance.now() - began);
  }
}

/** What a judge compares: an arm that refuses without a word says nothing, and cannot be shown. */
export function readText(answers: readonly ExperimentAnswerRow[], arm: string): string | null {
  const answer = answers.find((one) => one.arm === arm && one.repetition === 1);
  return answer === undefined || answer.state === 'failed' ? null : answer.text;
}

async function judgeAnswer(
  judge: Judge,
  { question, references }: QuestionContent,
  { text, passages }: ExperimentAnswerRow,
): Promise<Readonly<Record<string, MetricValue>>> {
  const asked = { question, references };
  const said = text ?? '';
  const texts = passages?.map((passage) => passage.text) ?? null;
  return {
    [metricIds.answerCorrectness]:
      references.length === 0
        ? notApplicable('no-reference')
        : await orUnreadable(async () => {
            const verdict = said === '' ? 'wrong' : (await judge.checkAnswer(asked, said))?.verdict;
            return scoreAnswerCorrectness(verdict ?? 'unreadable');
          }),
    [metricIds.faithfulness]: await orUnreadable(async () => {
      if (texts === null) return scoreFaithfulness(null);
      if (said === '') return scoreFaithfulness([]);
      const supported = await judge.checkSupport(said, texts);
      return scoreFaithfulness(supported?.map(nameVerdict) ?? ['unreadable']);
    }),
    [metricIds.contextPrecision]: await orUnreadable(async () => {
      if (texts === null) return scoreContextPrecision(null);
      if (texts.length === 0) return scoreContextPrecision([]);
      const useful = await judge.checkPassages(asked, texts);
      return scoreContextPrecision(useful?.map(nameVerdict) ?? ['unreadable']);
    }),
  };
}

function nameVerdict(holds: boolean): 'yes' | 'no' {
  return holds ? 'yes' : 'no';
}

/** A judge that cannot be asked gives no value; what is wrong with it stands at the pairs. */
async function orUnreadable(score: () => Promise<MetricValue>): Promise<MetricValue> {
  try {
    return await score();
  } catch (error) {
    if (isOfJudge(error)) return notApplicable('judge-unreadable');
    throw error;
  }
}

type PairJudgement = Pick<NewJudgement, 'verdict' | 'swappedVerdict' | 'reasons' | 'error'>;

async function judgePair(
  judge: Judge,
  { question, references }: QuestionContent,
  first: string,
  second: string,
): Promise<PairJudgement> {
  const asked = { question, references };
  try {
    const straight = await judge.comparePair(asked, first, second);
    const swapped = await judge.comparePair(asked, second, first);
    return {
      verdict: straight?.verdict ?? null,
      swappedVerdict: swapped === null ? null : swapVerdict(swapped.verdict),
      reasons: [straight, swapped].flatMap((said) => (said === null || said.reason === '' ? [] : [said.reason])),
      error: null,
    };
  } catch (error) {
    if (!isOfJudge(error)) throw error;
    const report: ErrorReport = reportError(error);
    return { verdict: null, swappedVerdict: null, reasons: [], error: report };
  }
}

/** As if it had been said of the answers in their own order. */
function swapVerdict(verdict: Verdict): Verdict {
  const swapped = { first: 'second', second: 'first', tie: 'tie' } as const;
  return swapped[verdict];
}

function isOfJudge(error: unknown): error is KumikiError {
  return error instanceof KumikiError && error.code !== 'database-down' && error.code !== 'run-taken-over';
}
