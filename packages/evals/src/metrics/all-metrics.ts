import { deviceTime, firstToken, peakMemory, processorTime, tokensIn, tokensOut, totalTime } from './amounts.ts';
import { characterF1 } from './character-f1.ts';
import { chrf } from './chrf.ts';
import { citationPrecision, citationRecall } from './citations.ts';
import { containment } from './containment.ts';
import { exactMatch } from './exact-match.ts';
import { answerCorrectness, contextPrecision, faithfulness } from './judged.ts';
import type { Metric } from './metric.ts';
import { ndcg } from './ndcg.ts';
import { recall } from './recall.ts';
import { reciprocalRank } from './reciprocal-rank.ts';
import { refusal, wrongfulRefusal } from './refusal.ts';
import { similarity } from './similarity.ts';
import { tokenF1 } from './token-f1.ts';

/** Every metric that an experiment may take, in the order of the report. */
export const allMetrics: readonly Metric[] = [
  ...[exactMatch, containment, characterF1, tokenF1, chrf, similarity, answerCorrectness],
  ...[recall, reciprocalRank, ndcg, contextPrecision, faithfulness, citationPrecision, citationRecall],
  ...[refusal, wrongfulRefusal],
  ...[firstToken, totalTime, tokensIn, tokensOut, processorTime, deviceTime, peakMemory],
];
