import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostPoints } from './training-curve.ts';
import {
  applyTrainingReport,
  newTraining,
  restartTraining,
  summariseEvaluations,
  type TrainingReport,
  type TrainingRun,
} from './training-run.ts';

const play = (reports: readonly TrainingReport[], from: TrainingRun = newTraining) =>
  reports.reduce(applyTrainingReport, from);

const plan = (steps: number, resumedFrom = 0): TrainingReport => ({
  type: 'plan',
  steps,
  resumedFrom,
  rows: { train: 96, evaluation: 12 },
});
const point = (step: number, loss: number): TrainingReport => ({
  type: 'points',
  points: [{ step, loss, learningRate: 2e-4 }],
  remainingSeconds: 60,
});
const evaluation = (step: number, evaluationLoss: number): TrainingReport => ({
  type: 'points',
  points: [{ step, evaluationLoss, at: 1_764_500_000_000 }],
  remainingSeconds: null,
});

/** A training of so many steps that is killed at some of them, each time after its last checkpoint. */
const interruptedTraining = fc
  .record({
    steps: fc.integer({ min: 1, max: 3_000 }),
    every: fc.integer({ min: 1, max: 50 }),
    crashes: fc.array(fc.record({ at: fc.nat(3_000), behind: fc.nat(400) }), { maxLength: 4 }),
    lot: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ steps, every, crashes, lot }) => {
    const reports: TrainingReport[] = [];
    const lives = [...crashes.map(({ at, behind }) => ({ to: Math.min(at, steps), behind })), { to: steps, behind: 0 }];
    let from = 0;
    for (const [life, { to, behind }] of lives.entries()) {
      reports.push({ type: 'state', state: 'preparing', share: null }, plan(steps, from));
      const points = [];
      if (from === 0) points.push({ step: 0, at: life, evaluationLoss: lossAt(0, life) });
      for (let step = from + 1; step <= to; step += 1) {
        points.push({ step, loss: lossAt(step, life) });
        if (step % every === 0) {
          points.push({ step, at: life, evaluationLoss: lossAt(step, life) });
          reports.push({ type: 'samples', step, answers: [`${life}/${step}`] });
        }
      }
      for (let start = 0; start < points.length; start += lot) {
        reports.push({ type: 'points', points: points.slice(start, start + lot), remainingSeconds: 1 });
      }
      from = Math.max(0, Math.min(to, steps) - behind);
    }
    return { steps, every, reports };
  });

/** Another value in each life, so that a value of an earlier one would be noticed. */
function lossAt(step: number, life: number): number {
  return 3 / (1 + step / 100) + Math.abs(Math.sin(step * 12.9898 + life)) / 10;
}

test('every point that is kept is what was told of its step last, whatever the training was resumed from', () => {
  fc.assert(
    fc.property(interruptedTraining, ({ reports }) => {
      const losses = new Map<number, number>();
      const evaluations = new Map<number, number>();
      for (const report of reports) {
        // What came after the checkpoint did not last.
        if (report.type === 'plan') forgetAfter(report.resumedFrom, losses, evaluations);
        if (report.type !== 'points') continue;
        for (const { step, loss, evaluationLoss } of report.points) {
          if (loss !== undefined) losses.set(step, loss);
          if (evaluationLoss !== undefined) evaluations.set(step, evaluationLoss);
        }
      }
      const run = play(reports);
      expect(run.evaluations).toEqual(
        [...evaluations].map(([step, loss]) => ({ step, loss })).sort((a, b) => a.step - b.step),
      );
      for (const { step, loss } of run.curve.points) expect(loss).toBe(losses.get(step));
      const steps = run.curve.points.map(({ step }) => step);
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      expect(steps.length).toBeLessThanOrEqual(mostPoints);
      if (losses.size <= mostPoints / 2) expect(steps.length).toBe(losses.size);
      expect(steps.at(-1)).toBe([...losses.keys()].at(-1));
    }),
    { numRuns: 60 },
  );
});

function forgetAfter(last: number, ...told: Map<number, number>[]): void {
  for (const values of told) for (const step of values.keys()) if (step > last) values.delete(step);
}

test('a long training takes no more room than a short one, and keeps its ends, its spike and all evaluations', () => {
  let run = play([plan(100_000), evaluation(0, 3.4)]);
  for (let step = 1; step <= 100_000; step += 1) {
    run = applyTrainingReport(run, point(step, step === 31_337 ? 9 : 1 + 1 / step));
    if (step % 1_000 === 0) run = applyTrainingReport(run, evaluation(step, 2 / step));
  }
  expect(run.curve.points.length).toBeLessThanOrEqual(mostPoints);
  expect(run.curve.points.length).toBeGreaterThan(mostPoints / 4);
  expect(run.curve.points[0]?.step).toBe(1);
  expect(run.curve.points.at(-1)?.step).toBe(100_000);
  expect(run.curve.points.find(({ loss }) => loss === 9)?.step).toBe(31_337);
  expect(run.evaluations).toHaveLength(101);
});

test('an evaluation tells nothing of the training at its step, and the training nothing of it', () => {
  const run = play([plan(40), point(20, 1.9), evaluation(20, 1.7)]);
  expect(run.curve.points).toEqual([{ step: 20, loss: 1.9, learningRate: 2e-4 }]);
  expect(run.evaluations).toEqual([{ step: 20, loss: 1.7 }]);
});

test('the best evaluation is the lowest, not the last', () => {
  const run = play([plan(40), evaluation(0, 3.1), evaluation(20, 1.6), evaluation(40, 1.8)]);
  expect(summariseEvaluations(run)).toEqual({
    before: { step: 0, loss: 3.1 },
    last: { step: 40, loss: 1.8 },
    best: { step: 20, loss: 1.6 },
  });
  expect(summariseEvaluations(newTraining)).toBeNull();
});

test('of many sample answers the first and the latest are kept', () => {
  const run = play(
    Array.from({ length: 500 }, (_, place): TrainingReport => ({ type: 'samples', step: place * 10, answers: ['x'] })),
  );
  expect(run.samples[0]?.step).toBe(0);
  expect(run.samples.at(-1)?.step).toBe(4_990);
  expect(run.samples.length).toBeLessThanOrEqual(100);
});

test('rows that are left out are counted by reason; a node that starts again counts them anew', () => {
  const rows = Array.from(
    { length: 300 },
    (_, place): TrainingReport => ({
      type: 'row-left-out',
      id: `row-${place}`,
      reason: place % 3 === 0 ? 'too-long' : 'role-order',
    }),
  );
  const first = play(rows);
  expect(first.leftOut.counts).toEqual({ 'too-long': 100, 'role-order': 200 });
  expect(first.leftOut.rows).toHaveLength(200);
  const again = play(rows.slice(0, 3), restartTraining(first));
  expect(again.leftOut.counts).toEqual({ 'too-long': 1, 'role-order': 2 });
});
