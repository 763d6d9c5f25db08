/** Metrics of packages/evals by the ids under which answers keep their scores. */
export const metricIds = {
  exactMatch: 'exact-match',
  containment: 'containment',
  characterF1: 'character-f1',
  tokenF1: 'token-f1',
  chrf: 'chrf',
  similarity: 'similarity',
  answerCorrectness: 'answer-correctness',
  recall: 'recall',
  reciprocalRank: 'reciprocal-rank',
  ndcg: 'ndcg',
  contextPrecision: 'context-precision',
  faithfulness: 'faithfulness',
  citationPrecision: 'citation-precision',
  citationRecall: 'citation-recall',
  refusal: 'refusal',
  wrongfulRefusal: 'wrongful-refusal',
  firstToken: 'first-token',
  totalTime: 'total-time',
  tokensIn: 'tokens-in',
  tokensOut: 'tokens-out',
  processorTime: 'processor-time',
  deviceTime: 'device-time',
  peakMemory: 'peak-memory',
} as const;

/** Those that a judge has to be asked for. */
export const judgedMetrics: ReadonlySet<string> = new Set([
  metricIds.answerCorrectness,
  metricIds.faithfulness,
  metricIds.contextPrecision,
]);
