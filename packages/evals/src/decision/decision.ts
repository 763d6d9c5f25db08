import type { Comparison } from '../comparison/comparison.ts';
import type { LocalisedText } from '../metrics/metric.ts';
import type { Interval } from '../statistics/interval.ts';

/** Work that was measured; null: the machine did not tell. */
export type Work = {
  readonly cpuSeconds: number | null;
  readonly gpuSeconds: number | null;
  readonly kilowattHours: number | null;
};

/** What was measured of an arm beside its answers. Null: not measured. */
export type ArmFacts = {
  readonly arm: string;
  /** From nothing to the first answer: index, training, conversion. An arm that needs nothing has 0 seconds. */
  readonly preparation: (Work & { readonly seconds: number }) | null;
  /** What happens when a document or conversation with a new fact is added. */
  readonly newFacts: NewFacts | null;
  /** Of all measured answers. */
  readonly latency: { readonly firstToken: Latency | null; readonly total: Latency | null };
  readonly perThousandAnswers: (Work & { readonly tokensIn: number | null; readonly tokensOut: number | null }) | null;
};

export type NewFacts =
  /** Nothing in the flow reads documents or conversations. */
  | { readonly kind: 'no-way-in' }
  | {
      readonly kind: 'measured';
      /** From adding it until the arm can answer from it; with retraining where that is what it takes. */
      readonly seconds: number;
      readonly retrains: boolean;
      readonly work: Work;
      /** Of so many facts that were added, so many are in the answers afterwards. */
      readonly asked: number;
      readonly known: number;
    };

/** Seconds. */
export type Latency = { readonly p50: number; readonly p95: number; readonly answers: number };

/** What the form asks before the report, because no measurement can tell. Null: not answered, and said to be missing. */
export type FormAnswers = {
  /** How often facts change: every so many days, or never. */
  readonly factsChange: { readonly everyDays: number } | 'never' | null;
  /** 19 of 20 answers have to be there (first token, or the whole answer) within so many seconds. */
  readonly latencyLimit: { readonly of: 'firstToken' | 'total'; readonly seconds: number } | null;
  readonly budget: { readonly preparation: number | null; readonly monthly: number | null } | null;
  readonly questionsPerMonth: number | null;
  readonly prices: Prices | null;
  /** The smallest difference of the primary metric that is worth a dearer preparation: 0.05 is 5 points. */
  readonly smallestDifference: number | null;
};

/** In one currency. Null: not entered, and then this part costs nothing and is said to be missing. */
export type Prices = {
  readonly currency: string;
  readonly cpuHour: number | null;
  readonly gpuHour: number | null;
  readonly kilowattHour: number | null;
  readonly millionTokensIn: number | null;
  readonly millionTokensOut: number | null;
};

/** How far the judge that made the primary metric can be trusted; null where no judge made it. */
export type JudgeAgreement = { readonly kappa: number | null; readonly labels: number };

export type DecisionInput = {
  readonly comparison: Comparison;
  readonly facts: readonly ArmFacts[];
  readonly answers: FormAnswers;
  readonly judge: JudgeAgreement | null;
};

export type DecisionOutcome =
  | { readonly kind: 'recommended'; readonly arm: string }
  /** Between these arms the measurement does not tell. */
  | { readonly kind: 'not-enough-evidence'; readonly between: readonly string[] }
  /** Each arm breaks a condition of the form. */
  | { readonly kind: 'no-arm-fits' };

/** A difference as a sentence needs it: `arm` minus `against`, positive where `arm` is better. */
export type Gain = {
  readonly arm: string;
  readonly against: string;
  readonly gain: number;
  readonly low: number;
  readonly high: number;
};

export type DecisionReason =
  | (Gain & { readonly code: 'better' })
  /** The dearer `arm` gains at most `high`, and that is less than matters. */
  | (Gain & { readonly code: 'no-gain-that-matters'; readonly smallest: number })
  /** The dearer `arm` is better, by less than matters, at so many times the preparation. */
  | (Gain & { readonly code: 'gain-below-what-matters'; readonly smallest: number; readonly times: number | null })
  | { readonly code: 'cheapest-to-prepare'; readonly arm: string; readonly seconds: number }
  | { readonly code: 'only-arm-left'; readonly arm: string }
  /** There is nothing to compare it with. */
  | { readonly code: 'single-arm'; readonly arm: string }
  | {
      readonly code: 'takes-in-facts-in-time';
      readonly arm: string;
      readonly seconds: number;
      readonly everyDays: number;
      readonly known: number;
      readonly asked: number;
    }
  | (Gain & { readonly code: 'cannot-tell'; readonly smallest: number; readonly neededRows: number | null })
  /** The dearer `arm` is not shown to be better than the cheaper `against`. */
  | (Gain & { readonly code: 'not-shown-better'; readonly neededRows: number | null })
  | { readonly code: 'no-interval'; readonly arm: string; readonly against: string; readonly why: NoIntervalReason }
  | { readonly code: 'judge-disagrees-with-people'; readonly kappa: number; readonly needed: number }
  | { readonly code: 'preparation-not-measured'; readonly arm: string };

export type NoIntervalReason =
  | Exclude<Interval, { readonly kind: 'interval' }>
  /** No question was answered by both. */
  | { readonly kind: 'no-common-rows' };

/** Why an arm was not considered, whatever its answers are worth. */
export type Exclusion = { readonly arm: string } & (
  | { readonly code: 'not-measured' }
  | { readonly code: 'fails-often'; readonly failed: number; readonly asked: number; readonly limit: number }
  | {
      readonly code: 'too-slow';
      readonly of: 'firstToken' | 'total';
      readonly p95: number;
      readonly limit: number;
    }
  | {
      readonly code: 'preparation-over-budget';
      readonly cost: number;
      readonly limit: number;
      readonly currency: string;
    }
  | { readonly code: 'running-over-budget'; readonly cost: number; readonly limit: number; readonly currency: string }
  | { readonly code: 'no-way-in-for-facts'; readonly everyDays: number }
  | {
      readonly code: 'facts-change-faster';
      readonly seconds: number;
      readonly everyDays: number;
      readonly retrains: boolean;
    }
  | { readonly code: 'does-not-learn-facts'; readonly known: number; readonly asked: number }
);

/** A change of what the form says, or of what is known, and the outcome that follows from the same rules. */
export type WouldChange = { readonly outcome: DecisionOutcome } & (
  | { readonly code: 'facts-change-more-often'; readonly everyDays: number | 'at-all' }
  | { readonly code: 'facts-change-less-often'; readonly everyDays: number | 'never' }
  | { readonly code: 'latency-limit-lower'; readonly of: 'firstToken' | 'total'; readonly seconds: number }
  | { readonly code: 'latency-limit-higher'; readonly of: 'firstToken' | 'total'; readonly seconds: number }
  | {
      readonly code: 'budget-lower';
      readonly of: 'preparation' | 'monthly';
      readonly amount: number;
      readonly currency: string;
    }
  | {
      readonly code: 'budget-higher';
      readonly of: 'preparation' | 'monthly';
      readonly amount: number;
      readonly currency: string;
    }
  | { readonly code: 'smaller-differences-matter'; readonly smallest: number }
  | { readonly code: 'larger-differences-matter'; readonly smallest: number }
);

/** What was not answered or not measured, and so took no part in the decision. */
export type Missing =
  | { readonly code: 'facts-change' }
  | { readonly code: 'latency-limit' }
  | { readonly code: 'budget' }
  | { readonly code: 'questions-per-month' }
  | { readonly code: 'prices'; readonly of: readonly (keyof Omit<Prices, 'currency'>)[] }
  /** Then 5 points are taken. */
  | { readonly code: 'smallest-difference'; readonly taken: number }
  | { readonly code: 'latency-not-measured'; readonly arm: string; readonly answers: number; readonly needed: number }
  | { readonly code: 'new-facts-not-measured'; readonly arm: string }
  | { readonly code: 'resources-not-measured'; readonly arm: string }
  /** A judge made the primary metric, and too few labels of people are there to say whether it can be trusted. */
  | { readonly code: 'human-labels'; readonly labels: number; readonly needed: number };

export type Decision = {
  readonly outcome: DecisionOutcome;
  readonly reasons: readonly DecisionReason[];
  readonly excluded: readonly Exclusion[];
  readonly wouldChange: readonly WouldChange[];
  readonly missing: readonly Missing[];
};

/** What an arm costs, in the currency of the prices; null: no price was entered, or what is priced was not measured. */
export type ArmCost = {
  readonly arm: string;
  readonly preparation: number | null;
  readonly perThousandAnswers: number | null;
  /** Answers of a month, and the new facts of a month where the form says how often they change. */
  readonly monthly: number | null;
};

/** The decision in plain sentences, in the order in which they are read. */
export type DecisionText = {
  readonly headline: LocalisedText;
  readonly reasons: readonly LocalisedText[];
  readonly excluded: readonly LocalisedText[];
  readonly wouldChange: readonly LocalisedText[];
  readonly missing: readonly LocalisedText[];
};
