import type { Passage, PassageScores, ScoredPassage } from '@kumiki/node-sdk';

/** A question as it is searched for: NFKC, so that full-width and half-width forms meet, and without outer space. */
export function normaliseQuery(query: string): string {
  return query.normalize('NFKC').trim();
}

/** What the index found, as it travels on a wire: without the index's own row number. */
export function toPassage({ chunkId: _, score: __, ...passage }: ScoredPassage, scores: PassageScores): Passage {
  return { ...passage, scores };
}

/**
 * The best `limit` of passages that are sorted by rank, at most `perDocument` of them from one document (0: any
 * number).
 */
export function selectPassages(
  ranked: readonly Passage[],
  { limit, perDocument }: { readonly limit: number; readonly perDocument: number },
): readonly Passage[] {
  if (perDocument === 0) return ranked.slice(0, limit);
  const taken = new Map<string, number>();
  const selected: Passage[] = [];
  for (const passage of ranked) {
    const before = taken.get(passage.documentId) ?? 0;
    if (before >= perDocument) continue;
    taken.set(passage.documentId, before + 1);
    selected.push(passage);
    if (selected.length === limit) break;
  }
  return selected;
}

/** Whether nothing was found, or even the best of it scores less than what is asked for (0: anything will do). */
export function isBelow(scores: readonly number[], minimum: number): boolean {
  return scores.length === 0 || (minimum > 0 && Math.max(...scores) < minimum);
}
