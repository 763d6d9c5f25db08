import type { ExperimentAnswerRow, ExperimentJudgementRow, ExperimentRow, QuestionRow } from '@kumiki/store';
import type { z } from 'zod';
import { experimentFormSchema } from '../contract/comparison.ts';
import type { experimentAnswerSchema, experimentRowSchema, experimentSchema } from '../contract/experiments.ts';
import { readArms } from './arms.ts';
import { readFindings, readSettings } from './experiment-settings.ts';
import { readJudgement } from './pairs.ts';

export function describeExperiment(row: ExperimentRow): z.infer<typeof experimentSchema> {
  const arms = readArms(row.arms);
  const { id, name, runId: run, state, error, planned, made, failed, repetitions } = row;
  return {
    ...{ id, name, run, state },
    error: error === null ? null : { ...error },
    settings: readSettings(row.settings),
    arms: arms.map(({ key, name: armName, flowName }) => ({ key, name: armName, flowName })),
    questions: planned / arms.length / repetitions,
    answers: { planned, made, failed },
    warnings: readFindings(row.findings).warnings,
    form: experimentFormSchema.parse(row.form),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

type Answer = z.infer<typeof experimentAnswerSchema>;

export function describeAnswer(row: ExperimentAnswerRow): Answer {
  const { arm, repetition, state, text, passages, scores, usage, error } = row;
  const { firstTokenMilliseconds, totalMilliseconds } = row;
  return {
    ...{ arm, repetition, state, text, firstTokenMilliseconds, totalMilliseconds },
    // The edge back: what the output node made, and was kept as it is.
    citations: row.citations as unknown as Answer['citations'],
    passages: (passages ?? []).map((passage) => ({ ...passage })),
    scores: { ...scores },
    usage: usage === null ? null : { ...usage },
    error: error === null ? null : { ...error },
  };
}

export function describeRow(of: {
  readonly question: QuestionRow;
  readonly answers: readonly ExperimentAnswerRow[];
  readonly judgements: readonly ExperimentJudgementRow[];
  readonly isLeftOut: boolean;
  readonly difference: number | null;
}): z.infer<typeof experimentRowSchema> {
  const { question, answers, judgements, isLeftOut, difference } = of;
  const { id, question: asked, references, topic, cluster, answerable } = question.content;
  return {
    ...{ number: question.number, id, question: asked, topic, cluster, answerable, difference },
    references: [...references],
    leftOut: isLeftOut,
    answers: answers.map(describeAnswer),
    judgements: judgements.map((judgement) => {
      const { first, second, reasons } = judgement;
      const verdict = readJudgement(judgement);
      return {
        arms: [first, second],
        preferred: verdict === 'arm' ? second : verdict === 'against' ? first : null,
        agreed: verdict !== 'disagreement' && verdict !== 'unreadable',
        reasons: [...reasons],
      };
    }),
  };
}
