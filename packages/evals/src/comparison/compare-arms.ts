import { adjustHolm } from '../statistics/holm.ts';
import { type Column, countReasons, type Grid, layOutAnswers, readColumn } from './cells.ts';
import type { ArmCount, ComparedMetric, Comparison, ComparisonInput, MetricComparison } from './comparison.ts';
import { completeDifference, listPairs, measureDifference, pairRows, type UntestedDifference } from './differences.ts';
import { summariseArms } from './estimate.ts';
import { summariseTopics } from './topics.ts';

/**
 * What the answers say of the arms: for each metric the arms alone, every pair of them over the rows that both have,
 * and topic by topic; and what was left out and why. Answers of arms that are not compared are ignored.
 *
 * The comparisons of the primary metric are a family of their own for Holm, those of all other metrics together are
 * another: whoever decides by the metric that was chosen before does not pay for looking at the rest.
 */
export function compareArms(input: ComparisonInput): Comparison {
  const { arms, baseline, primary, seed } = input;
  const grid = layOutAnswers(input.answers, arms);
  const measured = input.metrics.map((metric) => measureMetric(grid, metric, input));
  const families = [
    measured.filter(({ metric }) => metric.id === primary),
    measured.filter(({ metric }) => metric.id !== primary),
  ];
  const adjusted = new Map(families.flatMap((family) => adjustFamily(family.flatMap(({ pairs }) => pairs))));
  return {
    ...{ baseline, primary, seed },
    rows: grid.rows.length,
    clusters: new Set(grid.rows.map(({ cluster }) => cluster)).size,
    arms: arms.map((arm) => countAnswers(grid, arm)),
    metrics: measured.map((metric) => completeMetric(metric, adjusted, input)),
  };
}

type MeasuredMetric = Omit<MetricComparison, 'differences'> & { readonly pairs: readonly UntestedDifference[] };

function measureMetric(grid: Grid, metric: ComparedMetric, { arms, baseline, seed }: ComparisonInput): MeasuredMetric {
  const columns: ReadonlyMap<string, Column> = new Map(arms.map((arm) => [arm, readColumn(grid, arm, metric.id)]));
  const { rows } = grid;
  const pairs = listPairs(arms, baseline).map((pair) => ({
    pair,
    difference: measureDifference(pairRows(pair, { columns, rows, metric }), seed),
  }));
  return {
    metric,
    arms: summariseArms(columns, rows, metric),
    pairs: pairs.flatMap(({ difference }) => difference ?? []),
    incomparable: pairs.flatMap(({ pair, difference }) => (difference === null ? [pair] : [])),
    topics: summariseTopics(columns, rows, { metric, baseline }),
  };
}

/** Holm's p for each comparison that was tested. */
function adjustFamily(pairs: readonly UntestedDifference[]): readonly (readonly [UntestedDifference, number])[] {
  const tested = pairs.flatMap((pair) => (pair.rawTest === null ? [] : [{ pair, p: pair.rawTest.p }]));
  const adjusted = adjustHolm(tested.map(({ p }) => p));
  return tested.map(({ pair }, index) => [pair, adjusted[index] ?? 1] as const);
}

function completeMetric(
  { pairs, ...rest }: MeasuredMetric,
  adjusted: ReadonlyMap<UntestedDifference, number>,
  { primary, smallestDifference }: ComparisonInput,
): MetricComparison {
  const comparisons = pairs.filter(({ rawTest }) => rawTest !== null).length;
  const power = rest.metric.id === primary && comparisons > 0 ? { wanted: smallestDifference, comparisons } : null;
  return { ...rest, differences: pairs.map((pair) => completeDifference(pair, adjusted.get(pair) ?? null, power)) };
}

function countAnswers({ rows, answers }: Grid, arm: string): ArmCount {
  const ofArm = [...(answers.get(arm)?.values() ?? [])];
  const all = ofArm.flat();
  const failed = all.filter(({ outcome }) => outcome.kind === 'left-out' && outcome.reason === 'failed').length;
  const measured = all.filter(({ outcome }) => outcome.kind === 'measured').length;
  const without = rows.flatMap(({ id }) => {
    const [first, ...others] = answers.get(arm)?.get(id) ?? [];
    if (first === undefined) return ['not-asked' as const];
    const isMeasured = [first, ...others].some(({ outcome }) => outcome.kind === 'measured');
    return isMeasured || first.outcome.kind === 'measured' ? [] : [first.outcome.reason];
  });
  return {
    ...{ arm, asked: measured + failed, failed },
    measured: rows.length - without.length,
    leftOut: countReasons(without),
  };
}
