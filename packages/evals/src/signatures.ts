import type { Comparison, ComparisonInput } from './comparison/comparison.ts';
import type { ArmCost, ArmFacts, Decision, DecisionInput, DecisionText, FormAnswers } from './decision/decision.ts';
import type { LocalisedText, MetricValue } from './metrics/metric.ts';

/** The functions of this package by their shapes, while they are written; each is exported under its own name. */
export type CompareArms = (input: ComparisonInput) => Comparison;
export type PriceArms = (facts: readonly ArmFacts[], answers: FormAnswers) => readonly ArmCost[];
export type Decide = (input: DecisionInput) => Decision;
/** `names` of arms by their ids. */
export type RenderDecision = (decision: Decision, names: Readonly<Record<string, LocalisedText>>) => DecisionText;

/** scoreExactMatch, scoreContainment, scoreCharacterF1, scoreTokenF1, scoreChrf. The best of several references counts. */
export type ScoreText = (answer: string, references: readonly string[]) => MetricValue;
/** scoreSimilarity: of the answer's vector and the reference's. */
export type ScoreSimilarity = (answer: ArrayLike<number>, reference: ArrayLike<number>) => MetricValue;
/** scoreRecall, scoreReciprocalRank, scoreNdcg: ids of sources (what a passage belongs to), best first; null: unknown. */
export type ScoreRanking = (
  ranked: readonly string[],
  relevant: readonly string[] | null,
  limit: number,
) => MetricValue;
/** scoreCitationPrecision, scoreCitationRecall. */
export type ScoreCitations = (cited: readonly string[], relevant: readonly string[] | null) => MetricValue;
/** scoreRefusal, scoreWrongfulRefusal. */
export type ScoreRefusal = (row: { readonly answerable: boolean | null; readonly refused: boolean }) => MetricValue;
/** isRefusal: `sentences` are the arm's own for that case. */
export type IsRefusal = (answer: string, sentences?: readonly string[]) => boolean;
/** computeKappa: two labels for each item, in the same order. */
export type ComputeKappa = (first: readonly string[], second: readonly string[]) => MetricValue;
