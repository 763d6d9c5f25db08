/** A candidate with both of its scores, each as the search gave it. */
export type Candidate = { readonly cosine: number; readonly bm25: number };

/** Reciprocal rank fusion's constant, as in Cormack, Clarke and Büttcher (SIGIR 2009). */
const rankConstant = 60;

/**
 * Convex score fusion: `weight` × cosine, stretched so that the candidates' smallest is 0 and their greatest 1, plus
 * (1 − weight) × BM25 over the candidates' greatest. Returns one score, 0…1, for each candidate in order. On Japanese
 * questions it ranks better than reciprocal rank fusion, which throws away how much better the best one is.
 */
export function fuseByScores(candidates: readonly Candidate[], weight: number): readonly number[] {
  const cosines = candidates.map(({ cosine }) => cosine);
  const least = Math.min(...cosines);
  const spread = Math.max(...cosines) - least;
  const greatestBm25 = Math.max(...candidates.map(({ bm25 }) => bm25));
  return candidates.map(({ cosine, bm25 }) => {
    const dense = spread > 0 ? (cosine - least) / spread : 1;
    const lexical = greatestBm25 > 0 ? bm25 / greatestBm25 : 0;
    return weight * dense + (1 - weight) * lexical;
  });
}

/**
 * Weighted reciprocal rank fusion: `weight` ÷ (60 + dense rank) + (1 − weight) ÷ (60 + lexical rank). A candidate that
 * shares no word with the question has no lexical rank.
 */
export function fuseByRanks(candidates: readonly Candidate[], weight: number): readonly number[] {
  const denseRanks = rank(candidates, ({ cosine }) => cosine);
  const lexicalRanks = rank(candidates, ({ bm25 }) => bm25);
  return candidates.map((candidate, place) => {
    const dense = weight / (rankConstant + (denseRanks[place] ?? 0));
    const lexical = candidate.bm25 > 0 ? (1 - weight) / (rankConstant + (lexicalRanks[place] ?? 0)) : 0;
    return dense + lexical;
  });
}

/** The rank of each candidate from 1; equal scores keep their order. */
function rank(candidates: readonly Candidate[], score: (candidate: Candidate) => number): readonly number[] {
  const order = candidates
    .map((candidate, place) => ({ place, score: score(candidate) }))
    .sort((one, other) => other.score - one.score);
  const ranks = new Array<number>(candidates.length).fill(0);
  for (const [index, { place }] of order.entries()) ranks[place] = index + 1;
  return ranks;
}
