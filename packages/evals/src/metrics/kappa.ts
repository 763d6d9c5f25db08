import { type MetricValue, notApplicable } from './metric.ts';

/**
 * Cohen's kappa of two raters, a label for each item in the same order: (agreement − chance) / (1 − chance), from −1 to
 * 1, without weights (Cohen 1960; as scikit-learn `cohen_kappa_score`). No value for fewer than two items, and where
 * both raters give one label only. Throws RangeError where the two are not of one length.
 */
export function computeKappa(first: readonly string[], second: readonly string[]): MetricValue {
  if (first.length !== second.length) {
    throw new RangeError(`Kappa needs two labels for each item, and got ${first.length} and ${second.length}.`);
  }
  const items = first.length;
  if (items < 2) return notApplicable('too-few');
  const agreed = first.filter((label, index) => label === second[index]).length / items;
  const chance = [...new Set(first)].reduce(
    (sum, label) => sum + (countLabel(first, label) / items) * (countLabel(second, label) / items),
    0,
  );
  return chance === 1 ? notApplicable('no-variation') : (agreed - chance) / (1 - chance);
}

function countLabel(labels: readonly string[], label: string): number {
  return labels.filter((other) => other === label).length;
}
