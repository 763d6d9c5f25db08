import { createBreather } from './breather.ts';
import { type GenerationView, saturation } from './generation-view.ts';
import { createPostings, unpackPostings } from './postings.ts';
import type { Postings } from './read-postings.ts';

export type ScoredChunk = { readonly chunkId: number; readonly score: number };

/**
 * BM25 of every chunk of a generation for a query, by chunk id: the sum over the query's terms, each as often as it
 * stands there, of idf · f · (k1 + 1) / (f + k1 · (1 - b + b · length / average length)), with
 * idf = ln(1 + (N - n + 0.5) / (n + 0.5)) (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the 1
 * under the logarithm keeps frequent terms from counting against a chunk). N, n and the average are those of the
 * generation alone, as if nothing else had ever been in the index.
 */
export async function scoreLexical(
  view: GenerationView,
  query: ReadonlyMap<string, number>,
  postings: ReadonlyMap<string, readonly Postings[]>,
  signal: AbortSignal,
): Promise<Float64Array> {
  const scores = new Float64Array(view.bound);
  const room = createPostings();
  const breathe = createBreather(signal);
  for (const [term, weight] of query) {
    await breathe();
    room.count = 0;
    for (const row of postings.get(term) ?? []) unpackPostings(row.packed, view.bound, room);
    addTerm(scores, view, room, weight);
  }
  if (view.hidden !== null) for (const [id, hidden] of view.hidden.entries()) if (hidden === 1) scores[id] = 0;
  return scores;
}

function addTerm(scores: Float64Array, view: GenerationView, room: ReturnType<typeof createPostings>, weight: number) {
  const { hidden, norms, chunks } = view;
  const { ids, frequencies, count } = room;
  const occurs = hidden === null ? count : countVisible(ids, count, hidden);
  const factor = weight * (saturation + 1) * Math.log(1 + (chunks - occurs + 0.5) / (occurs + 0.5));
  for (let place = 0; place < count; place++) {
    const id = ids[place] ?? 0;
    const frequency = frequencies[place] ?? 0;
    scores[id] = (scores[id] ?? 0) + (factor * frequency) / (frequency + (norms[id] ?? 0));
  }
}

function countVisible(ids: Int32Array, count: number, hidden: Uint8Array): number {
  let visible = 0;
  for (let place = 0; place < count; place++) if (hidden[ids[place] ?? 0] === 0) visible++;
  return visible;
}

/** The best of the scores that are above zero; equal ones by chunk id. */
export function selectBest(scores: Float64Array, limit: number): ScoredChunk[] {
  const best: ScoredChunk[] = [];
  let least = 0;
  for (let chunkId = 0; chunkId < scores.length; chunkId++) {
    const score = scores[chunkId] ?? 0;
    if (score <= least) continue;
    let place = best.length;
    while (place > 0 && (best[place - 1]?.score ?? 0) < score) place--;
    best.splice(place, 0, { chunkId, score });
    if (best.length > limit) best.pop();
    if (best.length === limit) least = best[limit - 1]?.score ?? 0;
  }
  return best;
}
