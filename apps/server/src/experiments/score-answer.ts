import {
  type MetricValue,
  notApplicable,
  scoreCharacterF1,
  scoreChrf,
  scoreCitationPrecision,
  scoreCitationRecall,
  scoreContainment,
  scoreExactMatch,
  scoreNdcg,
  scoreRecall,
  scoreReciprocalRank,
  scoreRefusal,
  scoreTokenF1,
  scoreWrongfulRefusal,
} from '@kumiki/evals';
import type { AnswerScores, QuestionContent } from '@kumiki/store';
import { z } from 'zod';
import type { GivenAnswer } from './ask-question.ts';
import { metricIds } from './metric-ids.ts';

/** A passage as far as it matters for knowing it again. */
type Found = { readonly documentId: string; readonly documentName: string; readonly text: string };

const citationsSchema = z.array(z.object({ documentId: z.string(), documentName: z.string(), text: z.string() }));

/** All that is known of an answer by itself. An answer that failed has none: it is left out, and counted. */
export function scoreAnswer(
  content: QuestionContent,
  answer: GivenAnswer,
  { retrievedPassages }: { readonly retrievedPassages: number },
): AnswerScores {
  if (answer.state === 'failed') return {};
  const { references, answerable } = content;
  const text = answer.text ?? '';
  const isRefused = { answerable, refused: answer.state === 'refused' };
  const relevant = findRelevant(content);
  const ranked = answer.passages === null ? null : nameSources(answer.passages, content.passages);
  const cited =
    answer.passages === null ? null : nameSources(citationsSchema.parse(answer.citations), content.passages);
  return {
    [metricIds.exactMatch]: scoreExactMatch(text, references),
    [metricIds.containment]: scoreContainment(text, references),
    [metricIds.characterF1]: scoreCharacterF1(text, references),
    [metricIds.tokenF1]: scoreTokenF1(text, references),
    [metricIds.chrf]: scoreChrf(text, references),
    [metricIds.recall]: scoreRecall(ranked, relevant, retrievedPassages),
    [metricIds.reciprocalRank]: scoreReciprocalRank(ranked, relevant, retrievedPassages),
    [metricIds.ndcg]: scoreNdcg(ranked, relevant, retrievedPassages),
    [metricIds.citationPrecision]: scoreCitationPrecision(cited, relevant),
    [metricIds.citationRecall]: scoreCitationRecall(cited, relevant),
    [metricIds.refusal]: scoreRefusal(isRefused),
    [metricIds.wrongfulRefusal]: scoreWrongfulRefusal(isRefused),
    [metricIds.firstToken]: toSeconds(answer.firstTokenMilliseconds),
    [metricIds.totalTime]: toSeconds(answer.totalMilliseconds),
    [metricIds.tokensIn]: toAmount(answer.usage?.promptTokens),
    [metricIds.tokensOut]: toAmount(answer.usage?.completionTokens),
  };
}

/** Names of the sources that hold the answer; null where nobody said which do, empty where none does. */
function findRelevant({ answerable, passages }: QuestionContent): readonly string[] | null {
  if (!answerable) return [];
  return passages.length === 0 ? null : passages.map((_, place) => nameExpected(place));
}

/**
 * Which expected source each passage is. One that is expected in several ways stands for the first that no earlier passage
 * has brought, so that two expected sentences in one passage count as found by two passages of them only.
 */
function nameSources(found: readonly Found[], expected: QuestionContent['passages']): readonly string[] {
  const brought = new Set<string>();
  return found.map((passage) => {
    const names = expected.flatMap((one, place) => (isExpected(passage, one) ? [nameExpected(place)] : []));
    const name = names.find((one) => !brought.has(one)) ?? names[0] ?? `other ${passage.documentId} ${passage.text}`;
    brought.add(name);
    return name;
  });
}

function isExpected({ documentId, documentName, text }: Found, expected: QuestionContent['passages'][number]): boolean {
  const { document } = expected;
  // Ids carry the path of the node that loaded the document, which who writes questions does not know.
  const isOfDocument =
    document === undefined ||
    documentId === document ||
    documentName === document ||
    documentId.endsWith(`/${document}`);
  return isOfDocument && (expected.text === undefined || foldText(text).includes(foldText(expected.text)));
}

function nameExpected(place: number): string {
  return `expected ${place}`;
}

/** Chunking may have changed line ends and spaces. */
function foldText(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, '');
}

function toSeconds(milliseconds: number | null): MetricValue {
  return milliseconds === null ? notApplicable('not-told') : milliseconds / 1_000;
}

/** Hosts that count no tokens say 0. */
function toAmount(tokens: number | undefined): MetricValue {
  return tokens === undefined || tokens === 0 ? notApplicable('not-told') : tokens;
}
