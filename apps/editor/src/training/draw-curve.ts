import { summariseEvaluations, type TrainingRun } from '../run/training-run.ts';

export type Dot = { readonly x: number; readonly y: number };
export type Area = { readonly width: number; readonly height: number; readonly margin: number };

/** An SVG path through points, and where they lie. Empty without any. */
export function drawPath(dots: readonly Dot[]): string {
  return dots.map(({ x, y }, place) => `${place === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

type Value = { readonly step: number; readonly value: number };

/**
 * Places values in an area, steps from left to right up to `lastStep`, so that all of the given series together fill
 * its height. Values that are all the same lie in the middle.
 */
export function placeValues(
  series: readonly (readonly Value[])[],
  lastStep: number,
  { width, height, margin }: Area,
): readonly (readonly Dot[])[] {
  const all = series.flat();
  const low = all.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = all.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const first = all.reduce((least, { step }) => Math.min(least, step), lastStep);
  const steps = Math.max(1, lastStep - first);
  return series.map((values) =>
    values.map(({ step, value }) => ({
      x: margin + ((step - first) / steps) * (width - 2 * margin),
      y: high === low ? height / 2 : margin + ((high - value) / (high - low)) * (height - 2 * margin),
    })),
  );
}

/** Loss and evaluation loss of a training, placed in one area whose right end is the end of the training. */
export function placeLosses(training: TrainingRun, area: Area) {
  const { curve, evaluations, plan } = training;
  const losses = curve.points.flatMap(({ step, loss }) => (loss === undefined ? [] : [{ step, value: loss }]));
  const evaluated = evaluations.map(({ step, loss }) => ({ step, value: loss }));
  const lastStep = Math.max(plan?.steps ?? 0, losses.at(-1)?.step ?? 0, evaluated.at(-1)?.step ?? 0);
  const [loss = [], evaluation = []] = placeValues([losses, evaluated], lastStep, area);
  return { loss, evaluation, best: summariseEvaluations(training)?.best ?? null };
}

function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
