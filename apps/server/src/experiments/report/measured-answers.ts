import {
  allMetrics,
  type LeftOutReason,
  type MeasuredAnswer,
  type Metric,
  type MetricValue,
  notApplicable,
} from '@kumiki/evals';
import type { AnswerMeasure, QuestionRow } from '@kumiki/store';
import type { Arm } from '../arms.ts';
import type { Findings, KeptSettings } from '../experiment-settings.ts';
import { judgedMetrics, metricIds } from '../metric-ids.ts';

/** What of an experiment a report is made of. */
export type Measured = {
  readonly arms: readonly Arm[];
  readonly settings: KeptSettings;
  readonly findings: Findings;
  /** That were asked, also where they were forgotten since. */
  readonly questions: readonly QuestionRow[];
  readonly measures: readonly AnswerMeasure[];
};

/** Metrics of the comparison. Those of a judge are there without one, too, and say so. */
export function chooseMetrics({ findings }: Pick<Measured, 'findings'>): readonly Metric[] {
  return allMetrics.filter(({ id }) => id !== metricIds.similarity || findings.embedding !== null);
}

/** Every answer that was planned, whatever became of it, as the comparison takes it. */
export function listMeasuredAnswers(measured: Measured): readonly MeasuredAnswer[] {
  const { arms, settings, findings, questions, measures } = measured;
  const name = (arm: string, row: number, repetition: number) => `${arm} ${row} ${repetition}`;
  const made = new Map(measures.map((measure) => [name(measure.arm, measure.row, measure.repetition), measure]));
  const trained = new Set(findings.trained.map(({ arm, row }) => `${arm} ${row}`));
  const complete = completeScores(measured);
  return questions.flatMap(({ number, content }) =>
    arms.flatMap(({ key }) =>
      Array.from({ length: settings.repetitions }, (_, place): MeasuredAnswer => {
        const measure = made.get(name(key, number, place + 1));
        const isTrained = !settings.includeTrained && trained.has(`${key} ${number}`);
        const reason = isTrained ? 'overlaps-training' : findReason(measure);
        return {
          ...{ row: String(number), cluster: content.cluster, arm: key, repetition: place + 1 },
          ...(content.topic === null ? {} : { topic: content.topic }),
          outcome:
            reason === null && measure !== undefined
              ? { kind: 'measured', metrics: complete(measure) }
              : { kind: 'left-out', reason: reason ?? 'not-asked' },
        };
      }),
    ),
  );
}

function findReason(measure: AnswerMeasure | undefined): LeftOutReason | null {
  if (measure === undefined) return 'not-asked';
  if (measure.state !== 'failed') return null;
  return measure.code === 'model-changed' ? 'model-changed' : 'failed';
}

/** A metric that was not taken has a reason too. */
function completeScores(measured: Pick<Measured, 'findings'>) {
  const metrics = chooseMetrics(measured);
  const missing = measured.findings.judge === null ? notApplicable('no-judge') : notApplicable('judge-unreadable');
  return ({ scores }: AnswerMeasure): Readonly<Record<string, MetricValue>> =>
    Object.fromEntries(
      metrics.map(({ id }) => [
        id,
        // The edge back: what packages/evals gave for it.
        (scores[id] as MetricValue | undefined) ?? (judgedMetrics.has(id) ? missing : notApplicable('not-told')),
      ]),
    );
}
