import { type NotApplicable, notApplicable } from './metric.ts';

/**
 * What the three ranking metrics have in common: of the first `limit` passages, which ranks (from 1) bring something
 * relevant that no earlier one brought. Several passages of one source count once, at their best rank.
 *
 * `ranked` holds the ids of what the passages belong to (document, or known passage), best first; null where the arm
 * does not retrieve. `relevant` is null where it is not known what holds the answer, and empty where nothing does.
 */
export function findHits(
  ranked: readonly string[] | null,
  relevant: readonly string[] | null,
  limit: number,
): { readonly ranks: readonly number[]; readonly relevant: number } | NotApplicable {
  if (ranked === null) return notApplicable('no-retrieval');
  if (relevant === null) return notApplicable('no-passages-known');
  const open = new Set(relevant);
  const count = open.size;
  if (count === 0) return notApplicable('answer-not-in-documents');
  const ranks: number[] = [];
  for (const [index, id] of ranked.slice(0, limit).entries()) if (open.delete(id)) ranks.push(index + 1);
  return { ranks, relevant: count };
}

export const rankingLimits = {
  en: 'No value where the arm does not retrieve, where it is not known which passages hold the answer, and where none does.',
  ja: '検索をしない案、回答の載った箇所がわからない質問、回答が文書にない質問では、値がありません。',
};
