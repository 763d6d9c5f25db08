import type { Schemas } from '@kumiki/client';
import type { ModelCard } from '../api/tuned-models.ts';
import { addPoints, type Curve, cutAfter, emptyCurve } from './training-curve.ts';

export type TrainingReport = NonNullable<Schemas['TrainingReport']>;
type ReportOf<Type extends TrainingReport['type']> = Extract<TrainingReport, { type: Type }>;
export type TrainingStage = ReportOf<'state'>['state'];
export type LeftOutReason = ReportOf<'row-left-out'>['reason'];

export type TrainingEvaluation = { readonly step: number; readonly loss: number };
export type TrainingSamples = { readonly step: number; readonly answers: readonly string[] };

/** What a node that trains has told, live or replayed. */
export type TrainingRun = {
  /** What it was expected to take, before it began. */
  readonly estimate: Omit<ReportOf<'estimate'>, 'type'> | null;
  /** What it is at; null before it has said, and again once it has ended. */
  readonly stage: TrainingStage | null;
  /** How far the stage is, 0…1, where that is known. */
  readonly share: number | null;
  readonly plan: Omit<ReportOf<'plan'>, 'type'> | null;
  /** Thinned where it is long; evaluations stand apart and are all kept. */
  readonly curve: Curve;
  /** By step; the one of step 0 is from before the training. */
  readonly evaluations: readonly TrainingEvaluation[];
  readonly remainingSeconds: number | null;
  /** By step: the first, and the latest of those that came after it. */
  readonly samples: readonly TrainingSamples[];
  readonly leftOut: {
    readonly counts: Readonly<Partial<Record<LeftOutReason, number>>>;
    /** The first of them. */
    readonly rows: readonly { readonly id: string; readonly reason: LeftOutReason }[];
  };
};

const mostSamples = 100;
const mostRows = 200;

const noneLeftOut: TrainingRun['leftOut'] = { counts: {}, rows: [] };

export const newTraining: TrainingRun = {
  estimate: null,
  stage: null,
  share: null,
  plan: null,
  curve: emptyCurve,
  evaluations: [],
  remainingSeconds: null,
  samples: [],
  leftOut: noneLeftOut,
};

/** The training after one more report. What a later report tells of a step stands in the place of what was told before. */
export function applyTrainingReport(training: TrainingRun, report: TrainingReport): TrainingRun {
  switch (report.type) {
    case 'estimate': {
      const { type: _, ...estimate } = report;
      return { ...training, estimate };
    }
    case 'state':
      return { ...training, stage: report.state, share: report.share };
    case 'plan': {
      // What came after the checkpoint that is gone on from did not last: it is going to be told again.
      const { type: _, ...plan } = report;
      const lasted = ({ step }: { readonly step: number }) => step <= plan.resumedFrom;
      return {
        ...training,
        plan,
        curve: cutAfter(training.curve, plan.resumedFrom),
        evaluations: training.evaluations.filter(lasted),
        samples: training.samples.filter(lasted),
      };
    }
    case 'points': {
      const evaluated = report.points.flatMap(({ step, evaluationLoss }) =>
        evaluationLoss === undefined ? [] : [{ step, loss: evaluationLoss }],
      );
      return {
        ...training,
        curve: addPoints(training.curve, report.points),
        evaluations: evaluated.reduce(putStep, training.evaluations),
        remainingSeconds: report.remainingSeconds,
      };
    }
    case 'samples': {
      const { step, answers } = report;
      const [first, ...later] = putStep<TrainingSamples>(training.samples, { step, answers });
      return { ...training, samples: first === undefined ? [] : [first, ...later.slice(1 - mostSamples)] };
    }
    case 'row-left-out':
      return { ...training, leftOut: leaveOut(training.leftOut, report) };
  }
}

/** A training of another time, as the card of its model tells it: what was not kept of it is not there. */
export function recallTraining({ training }: ModelCard): TrainingRun | null {
  if (training === null) return null;
  const { curve: points = [], steps, rows } = training;
  const told = applyTrainingReport(newTraining, { type: 'plan', steps, resumedFrom: 0, rows });
  return applyTrainingReport(told, { type: 'points', points, remainingSeconds: null });
}

/** Its node starts, perhaps not for the first time: rows are read anew, and what is left to do is not known yet. */
export function restartTraining(training: TrainingRun): TrainingRun {
  return { ...training, stage: null, share: null, remainingSeconds: null, leftOut: noneLeftOut };
}

export function endTraining(training: TrainingRun): TrainingRun {
  return { ...training, stage: null, share: null, remainingSeconds: null };
}

/** How much lower the evaluation loss has become: before the training, now, and at best. Null without evaluations. */
export function summariseEvaluations({ evaluations }: TrainingRun) {
  const [first] = evaluations;
  const last = evaluations.at(-1);
  if (first === undefined || last === undefined) return null;
  const best = evaluations.reduce((lowest, evaluation) => (evaluation.loss < lowest.loss ? evaluation : lowest));
  return { before: first, last, best };
}

/** Whether there is anything to draw yet. */
export function hasCurve({ curve, evaluations }: TrainingRun): boolean {
  return curve.points.length > 1 || evaluations.length > 0;
}

/** The newest step that anything was told of. */
export function findLastStep({ curve, evaluations, plan }: TrainingRun): number {
  return Math.max(curve.points.at(-1)?.step ?? 0, evaluations.at(-1)?.step ?? 0, plan?.resumedFrom ?? 0);
}

function putStep<Item extends { readonly step: number }>(items: readonly Item[], item: Item): readonly Item[] {
  const place = items.findLastIndex(({ step }) => step <= item.step);
  const isTold = items[place]?.step === item.step;
  return items.toSpliced(isTold ? place : place + 1, isTold ? 1 : 0, item);
}

function leaveOut({ counts, rows }: TrainingRun['leftOut'], { id, reason }: ReportOf<'row-left-out'>) {
  return {
    counts: { ...counts, [reason]: (counts[reason] ?? 0) + 1 },
    rows: rows.length < mostRows ? [...rows, { id, reason }] : rows,
  };
}
