import type {
  Difference,
  Estimate,
  ExperimentReport,
  MetricComparison,
  ReportArm,
  ReportMetric,
} from '../../api/experiments.ts';

/** What a metric is, and what was made of it. */
export type ToldMetric = { readonly metric: ReportMetric; readonly compared: MetricComparison };

/** The metric that decides; null where a report says nothing of it. */
export function findMain(report: ExperimentReport): ToldMetric | null {
  return listMetrics(report).find(({ metric }) => metric.id === report.comparison.primary) ?? null;
}

export function listMetrics({ metrics, comparison }: ExperimentReport): readonly ToldMetric[] {
  return metrics.flatMap((metric) => {
    const compared = comparison.metrics.find((one) => one.metric.id === metric.id);
    return compared === undefined ? [] : [{ metric, compared }];
  });
}

type ArmSummary = MetricComparison['arms'][number];

export function findSummary({ arms }: MetricComparison, arm: string): ArmSummary | null {
  return arms.find((summary) => summary.arm === arm) ?? null;
}

/** Over the rows that all arms have, where there are such: only these can be set side by side. */
export function chooseEstimate(summary: Pick<ArmSummary, 'common' | 'own'> | null): Estimate | null {
  return summary === null ? null : (summary.common ?? summary.own);
}

export function findArm({ arms }: Pick<ExperimentReport, 'arms'>, key: string): ReportArm | null {
  return arms.find((arm) => arm.key === key) ?? null;
}

export function nameArm(report: Pick<ExperimentReport, 'arms'>, key: string): string {
  return findArm(report, key)?.name ?? key;
}

/** The arm to use; null where none is recommended. */
export function findChosen({ decision: { outcome } }: ExperimentReport): string | null {
  return outcome.kind === 'recommended' ? outcome.arm : null;
}

/** Whether any value is told with an interval, so that intervals have to be explained. */
export function hasIntervals({ comparison }: ExperimentReport): boolean {
  return comparison.metrics.some(({ arms }) =>
    arms.some((summary) => chooseEstimate(summary)?.interval.kind === 'interval'),
  );
}

export type Verdict = 'better' | 'worse' | 'unclear';

/** What a difference says of its arm: nothing, unless it is shown. */
export function judgeDifference(
  { shown, mean }: Pick<Difference, 'shown' | 'mean'>,
  { better }: ReportMetric,
): Verdict {
  if (!shown || mean === 0) return 'unclear';
  return mean > 0 === (better === 'higher') ? 'better' : 'worse';
}

/** Of the differences to the baseline, what the one with the widest interval could have seen. */
export function findPower({ differences }: MetricComparison): NonNullable<Difference['power']> | null {
  const notes = differences.flatMap(({ power }) => (power === null ? [] : [power]));
  return notes.toSorted((one, other) => other.visible - one.visible)[0] ?? null;
}

/** What was said of money, for labels. */
export function readCurrency({ form }: Pick<ExperimentReport, 'form'>): string | null {
  return form.prices?.currency ?? null;
}
