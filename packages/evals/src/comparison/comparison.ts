import type { Metric, MetricValue, NotApplicableReason } from '../metrics/metric.ts';
import type { Interval } from '../statistics/interval.ts';
import type { PowerNote } from '../statistics/power.ts';

/** Why the answer of one arm to one question takes no part. */
export type LeftOutReason =
  /** The arm gave no answer: an error, or its time was up. */
  | 'failed'
  /** The question, or nearly the same, is in the training set of this arm. */
  | 'overlaps-training'
  | 'duplicate-row'
  | 'row-too-large'
  | 'row-unreadable'
  /** The model that answered was not the one of the build. */
  | 'model-changed'
  /** Cancelled, or not reached. */
  | 'not-asked';

/** What one arm made of one question, once. */
export type MeasuredAnswer = {
  readonly row: string;
  /** What the questions of one passage, document or conversation share: they are not independent of each other. */
  readonly cluster: string;
  readonly topic?: string;
  readonly arm: string;
  readonly repetition: number;
  readonly outcome:
    | { readonly kind: 'measured'; readonly metrics: Readonly<Record<string, MetricValue>> }
    | { readonly kind: 'left-out'; readonly reason: LeftOutReason };
};

/** What the comparison has to know of a metric: those of `allMetrics` can be given as they are. */
export type ComparedMetric = Pick<Metric, 'id' | 'kind' | 'unit' | 'better' | 'range'>;

export type ComparisonInput = {
  readonly answers: readonly MeasuredAnswer[];
  /** In the order in which they are shown. */
  readonly arms: readonly string[];
  readonly baseline: string;
  readonly metrics: readonly ComparedMetric[];
  /** The metric that the decision rests on, chosen before anything is measured. Its comparisons are a family alone. */
  readonly primary: string;
  /** For the flips of signs, where there are too many to enumerate. The same seed gives the same figures. */
  readonly seed: number;
  /** The smallest difference of the primary metric that matters; the power note asks for it. */
  readonly smallestDifference: number;
};

/**
 * A mean with what surrounds it, in the metric's own unit. A row counts once, as the mean of its repetitions; median and
 * p95 are over all answers.
 */
export type Estimate = {
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly rows: number;
  readonly clusters: number;
  readonly interval: Interval;
};

/** Answers that have no value, counted by reason. */
export type LeftOutCount = {
  readonly reason: LeftOutReason | NotApplicableReason;
  readonly rows: number;
};

export type ArmSummary = {
  readonly arm: string;
  /** Over all rows in which the arm has a value; null where it has none, for the reasons in `leftOut`. */
  readonly own: Estimate | null;
  /** Over the rows in which every arm with values has one: only these means can be set side by side. */
  readonly common: Estimate | null;
  readonly leftOut: readonly LeftOutCount[];
};

export type DifferenceTest = {
  /** Scores are tested by t, and by flips where all clusters are equal and t has no value. */
  readonly method: 'sign-flip-exact' | 'sign-flip-sampled' | 'cluster-t';
  /** Two-sided. */
  readonly p: number;
  /**
   * After Holm, over the family that the metric belongs to: all pairs of the primary metric, or all pairs of all others.
   */
  readonly adjusted: number;
};

/** `arm` minus `against`, over the rows in which both have a value. */
export type Difference = {
  readonly arm: string;
  readonly against: string;
  readonly rows: number;
  readonly clusters: number;
  readonly means: { readonly arm: number; readonly against: number };
  readonly mean: number;
  readonly interval: Interval;
  /** None for amounts, and none where an interval cannot be given. */
  readonly test: DifferenceTest | null;
  /** Whether a difference is shown: the interval leaves zero out, and so does the test after Holm. */
  readonly shown: boolean;
  readonly effect: EffectSize;
  /** For the primary metric, where the difference varies and there are clusters enough for an interval. */
  readonly power: PowerNote | null;
  /** Rows that one of the two has no value in, by the reason of the one that lacks it. */
  readonly leftOut: readonly (LeftOutCount & { readonly arm: string })[];
};

export type EffectSize = {
  /** Mean difference over the standard deviation of the rows' differences (Cohen's d_z); null where all are equal. */
  readonly standardised: number | null;
  /** Rows in which `arm` is better than `against`, as the metric means better. */
  readonly better: number;
  readonly worse: number;
  readonly equal: number;
};

/** A pair without a single row in common, said rather than left out. */
export type Incomparable = { readonly arm: string; readonly against: string };

export type TopicSummary = {
  readonly topic: string;
  readonly arms: readonly { readonly arm: string; readonly estimate: Estimate | null }[];
  /** Against the baseline. Not tested: which topic stands out was not asked before. */
  readonly differences: readonly TopicDifference[];
};

export type TopicDifference = Pick<Difference, 'arm' | 'against' | 'rows' | 'clusters' | 'mean' | 'interval'>;

export type MetricComparison = {
  readonly metric: ComparedMetric;
  readonly arms: readonly ArmSummary[];
  /** Every pair once. Those with the baseline come first and are `arm` minus baseline. */
  readonly differences: readonly Difference[];
  readonly incomparable: readonly Incomparable[];
  readonly topics: readonly TopicSummary[];
};

export type ArmCount = {
  readonly arm: string;
  /** Rows with at least one measured repetition. */
  readonly measured: number;
  /** Rows without any, by the reason of the first. */
  readonly leftOut: readonly LeftOutCount[];
  /** Answers, not rows: of so many that were measured or failed, so many failed. */
  readonly asked: number;
  readonly failed: number;
};

/** Plain data: it can be kept as JSON as it is. */
export type Comparison = {
  readonly baseline: string;
  readonly primary: string;
  readonly seed: number;
  readonly rows: number;
  readonly clusters: number;
  readonly arms: readonly ArmCount[];
  readonly metrics: readonly MetricComparison[];
};
