/** The figures of the decision rules, as docs/guides/decision-rules.md lists them. */
export const limits = {
  /** An arm that failed in more than this share of its answers is not considered. */
  failures: 0.05,
  /** Of fewer answers the slowest one in twenty cannot be told. */
  latencyAnswers: 20,
  /** One-sided level at which an arm is found to know less than half of the facts that were added. */
  unlearnedLevel: 0.05,
  /** "Fair" agreement ends here (Landis and Koch 1977); a judge below it decides nothing. */
  kappa: 0.4,
  /** Below it the standard error of kappa is about 0.15 and more. */
  humanLabels: 30,
  /** Taken where the form does not say what difference matters. */
  smallestDifference: 0.05,
} as const;

export const secondsPerDay = 86_400;
export const daysPerMonth = 30.4;
