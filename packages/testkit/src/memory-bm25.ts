const k1 = 1.2;
const b = 0.75;

/** BM25 over character bigrams and words, by chunk id; chunks that share no term are left out. */
export function rankByBm25(
  query: string,
  chunks: readonly { readonly chunkId: number; readonly text: string }[],
): ReadonlyMap<number, number> {
  const terms = chunks.map(({ text }) => splitTerms(text));
  const averageLength = terms.reduce((sum, list) => sum + list.length, 0) / Math.max(1, chunks.length);
  const scores = new Map<number, number>();
  for (const term of new Set(splitTerms(query))) {
    const counts = terms.map((list) => list.filter((candidate) => candidate === term).length);
    const holding = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (chunks.length - holding + 0.5) / (holding + 0.5));
    for (const [place, { chunkId }] of chunks.entries()) {
      const count = counts[place] ?? 0;
      if (count === 0) continue;
      const length = (terms[place]?.length ?? 0) / averageLength;
      const gain = (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + b * length));
      scores.set(chunkId, (scores.get(chunkId) ?? 0) + gain);
    }
  }
  return scores;
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

function splitTerms(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = [...segmenter.segment(plain)].flatMap(({ isWordLike, segment }) => (isWordLike ? [segment] : []));
  const characters = [...plain].filter((character) => /[\p{L}\p{N}]/u.test(character));
  return [
    ...words,
    ...characters.flatMap((character, place) =>
      characters[place + 1] === undefined ? [] : [character + characters[place + 1]],
    ),
  ];
}
