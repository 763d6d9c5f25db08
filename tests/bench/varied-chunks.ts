import type { JaquadArticle } from './jaquad.ts';

/**
 * As many texts as wanted, no two of them equal, made of JaQuAD's passages: each round over the passages puts a sentence
 * of another passage in the place of one of their own, and says its number.
 */
export function* varyPassages(articles: readonly JaquadArticle[], wanted: number): Generator<string> {
  const passages = articles.flatMap((article) =>
    article.passages.map(({ text }) => text.match(/[^。]+。?/g) ?? [text]),
  );
  for (let number = 0; number < wanted; number += 1) {
    const sentences = passages[number % passages.length] ?? [];
    const round = Math.floor(number / passages.length);
    // Steps that share no divisor with the number of passages, so that every round meets other strangers.
    const strangers = passages[(number * 7 + round * 101) % passages.length] ?? [];
    const stranger = strangers[round % strangers.length] ?? '';
    const place = round % sentences.length;
    yield round === 0
      ? sentences.join('')
      : `${sentences.map((sentence, at) => (at === place ? stranger : sentence)).join('')}（第${number}号）`;
  }
}
