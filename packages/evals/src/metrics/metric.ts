export type LocalisedText = { readonly en: string; readonly ja: string };

/** Why a metric has no value for an answer. Such an answer counts in no mean; it is never a 0. */
export type NotApplicableReason =
  /** Nothing to compare with: no reference answer, or one without a letter or figure. */
  | 'no-reference'
  /** The metric counts words between spaces, and the reference is written without any. */
  | 'script-without-spaces'
  /** Which passages hold the answer is not known. */
  | 'no-passages-known'
  /** The arm does not retrieve at all. One that retrieves and finds nothing has a value. */
  | 'no-retrieval'
  | 'nothing-cited'
  /** The answer makes no statement that could be checked. */
  | 'nothing-stated'
  /** Only questions whose answer is in the documents, or only those whose answer is not, are asked about by it. */
  | 'answer-in-documents'
  | 'answer-not-in-documents'
  /** It is not known whether the documents hold the answer. */
  | 'answerable-not-known'
  | 'no-judge'
  /** The judge answered in a form that says nothing. */
  | 'judge-unreadable'
  /** A vector of length 0 has no direction. */
  | 'zero-vector'
  /** All labels are the same, so agreement beyond chance has no meaning. */
  | 'no-variation'
  | 'too-few'
  /** The host tells no such figure (memory, tokens). */
  | 'not-told';

export type NotApplicable = { readonly notApplicable: NotApplicableReason };

export type MetricValue = number | NotApplicable;

export function isApplicable(value: MetricValue): value is number {
  return typeof value === 'number';
}

export function notApplicable(reason: NotApplicableReason): NotApplicable {
  return { notApplicable: reason };
}

/**
 * `right-wrong` is 0 or 1 for one answer, and is tested by flipping signs; `score` lies on a scale, and is tested by
 * cluster t; `amount` (seconds, tokens, bytes) has quantiles and intervals, but is no part of the family of tests.
 */
export type MetricKind = 'right-wrong' | 'score' | 'amount';

export type MetricUnit = 'share' | 'seconds' | 'tokens' | 'bytes';

/** What a metric is, as the report explains it. */
export type Metric = {
  readonly id: string;
  readonly title: LocalisedText;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly better: 'higher' | 'lower';
  readonly range: readonly [low: number, high: number | null];
  readonly formula: LocalisedText;
  /** When it has no value, or says little. */
  readonly limits: LocalisedText;
  readonly source: string;
};
