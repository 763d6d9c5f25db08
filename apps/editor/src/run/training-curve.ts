import type { Schemas } from '@kumiki/client';

export type TrainingPoint = NonNullable<Schemas['TrainingPoint']>;

/** Points of a training by their step, ascending. Few enough to be drawn, however long the training is. */
export type Curve = { readonly points: readonly TrainingPoint[] };

/** More than a chart has pixels; what is kept of a longer training fits in here. */
export const mostPoints = 1_000;

export const emptyCurve: Curve = { points: [] };

/** The curve with more points: one of a known step takes the place of what was told of that step. */
export function addPoints({ points }: Curve, told: readonly TrainingPoint[]): Curve {
  const all = [...points];
  for (const { evaluationLoss: _, at: __, ...point } of told) {
    // Evaluations come as points of their own; of the training they tell nothing but when they were.
    if (Object.keys(point).length > 1) putPoint(all, point);
  }
  return { points: all.length > mostPoints ? thinPoints(all, mostPoints / 4) : all };
}

/** The curve up to a step. */
export function cutAfter({ points }: Curve, last: number): Curve {
  return { points: points.filter(({ step }) => step <= last) };
}

function putPoint(points: TrainingPoint[], point: TrainingPoint): void {
  const place = points.findLastIndex(({ step }) => step <= point.step);
  if (points[place]?.step === point.step) points[place] = point;
  else points.splice(place + 1, 0, point);
}

/**
 * The points with the lowest and the highest loss of each of so many equal ranges of steps, and the first and the last
 * of all: at most two a range and two more. So a spike stays to be seen, which an average or every n-th point would
 * hide.
 */
function thinPoints(points: readonly TrainingPoint[], ranges: number): TrainingPoint[] {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const width = (last.step - first.step + 1) / ranges;
  const kept = new Set([first, last]);
  for (const range of Map.groupBy(points, ({ step }) => Math.floor((step - first.step) / width)).values()) {
    const measured = range.filter(({ loss }) => loss !== undefined);
    const among = measured.length > 0 ? measured : range;
    kept.add(among.reduce((low, point) => (lossOf(point) < lossOf(low) ? point : low)));
    kept.add(among.reduce((high, point) => (lossOf(point) > lossOf(high) ? point : high)));
  }
  return points.filter((point) => kept.has(point));
}

function lossOf({ loss = 0 }: TrainingPoint): number {
  return loss;
}
