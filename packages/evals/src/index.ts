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
export type {
  CompareArms,
  ComputeKappa,
  Decide,
  IsRefusal,
  PriceArms,
  RenderDecision,
  ScoreCitations,
  ScoreRanking,
  ScoreRefusal,
  ScoreSimilarity,
  ScoreText,
} from './signatures.ts';
export type { Interval } from './statistics/interval.ts';
export { confidenceLevel, fewestClusters } from './statistics/interval.ts';
export type { PowerNote } from './statistics/power.ts';
