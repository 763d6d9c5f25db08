import { isApplicable, type MetricValue, notApplicable } from './metric.ts';

/** The highest value over the references, as any of them is right; the first reason where none has a value. */
export function scoreBestReference(
  references: readonly string[],
  score: (reference: string) => MetricValue,
): MetricValue {
  const values = references.map(score);
  const numbers = values.filter(isApplicable);
  return numbers.length > 0 ? Math.max(...numbers) : (values[0] ?? notApplicable('no-reference'));
}
