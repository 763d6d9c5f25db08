export { compareArms } from './comparison/compare-arms.ts';
export type {
  ArmCount,
  ArmSummary,
  ComparedMetric,
  Comparison,
  ComparisonInput,
  Difference,
  DifferenceTest,
  EffectSize,
  Estimate,
  Incomparable,
  LeftOutCount,
  LeftOutReason,
  MeasuredAnswer,
  MetricComparison,
  TopicDifference,
  TopicSummary,
} from './comparison/comparison.ts';
export { decide } from './decision/decide.ts';
export type {
  ArmCost,
  ArmFacts,
  Decision,
  DecisionInput,
  DecisionOutcome,
  DecisionReason,
  DecisionText,
  Exclusion,
  FormAnswers,
  Gain,
  JudgeAgreement,
  Latency,
  Missing,
  NewFacts,
  NoIntervalReason,
  Prices,
  Work,
  WouldChange,
} from './decision/decision.ts';
export { limits as decisionLimits } from './decision/limits.ts';
export { priceArms } from './decision/price-arms.ts';
export { renderDecision } from './decision/render-decision.ts';
export { allMetrics } from './metrics/all-metrics.ts';
export { scoreCharacterF1 } from './metrics/character-f1.ts';
export { scoreChrf } from './metrics/chrf.ts';
export { scoreCitationPrecision, scoreCitationRecall } from './metrics/citations.ts';
export { scoreContainment } from './metrics/containment.ts';
export { scoreExactMatch } from './metrics/exact-match.ts';
export type { CorrectnessVerdict, YesNoVerdict } from './metrics/judged.ts';
export { scoreAnswerCorrectness, scoreContextPrecision, scoreFaithfulness } from './metrics/judged.ts';
export { computeKappa } from './metrics/kappa.ts';
export type {
  LocalisedText,
  Metric,
  MetricKind,
  MetricUnit,
  MetricValue,
  NotApplicable,
  NotApplicableReason,
} from './metrics/metric.ts';
export { isApplicable, notApplicable } from './metrics/metric.ts';
export { scoreNdcg } from './metrics/ndcg.ts';
export { normaliseText, usesSpaces } from './metrics/normalise-text.ts';
export type { PairVerdict, ShownVerdict, VerdictSummary } from './metrics/pair-verdicts.ts';
export { combineVerdicts, summariseVerdicts } from './metrics/pair-verdicts.ts';
export { scoreRecall } from './metrics/recall.ts';
export { scoreReciprocalRank } from './metrics/reciprocal-rank.ts';
export { isRefusal, scoreRefusal, scoreWrongfulRefusal } from './metrics/refusal.ts';
export { scoreSimilarity } from './metrics/similarity.ts';
export { scoreTokenF1 } from './metrics/token-f1.ts';
export type { Interval } from './statistics/interval.ts';
export { confidenceLevel, fewestClusters } from './statistics/interval.ts';
export type { PowerNote } from './statistics/power.ts';
export { computeQuantile } from './statistics/quantile.ts';
