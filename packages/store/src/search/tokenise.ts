import { isStopWord, stemEnglish } from './stem-english.ts';

/**
 * Numbers what `tokenise` makes of a text. Whoever changes that raises this number: an index remembers by which it was
 * written, and is not asked with terms of another.
 */
export const tokeniserVersion = 1;

/** The Japanese segmenter breaks Latin text at the same places as an English one, so one does for both. */
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆ヶ]/u;
const cjkRun = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆ヶ]+/gu;
/** Longer words are digests and encoded data: their beginning tells them apart. */
const longestTerm = 64;

/**
 * Terms of a text, in no particular order, each as often as it occurs: words, and the character bigrams of Japanese
 * runs. Both together found more than either alone (R@1 85.3 against 83.0 on JaQuAD), since words break differently
 * in a question and in a text, and bigrams do not.
 */
export function tokenise(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const terms: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(plain)) {
    if (!isWordLike) continue;
    if (cjk.test(segment)) terms.push(cut(segment));
    else if (!isStopWord(segment)) terms.push(cut(stemEnglish(segment)));
  }
  for (const [run] of plain.matchAll(cjkRun)) {
    const characters = [...run];
    for (let place = 1; place < characters.length; place++) {
      terms.push(`${characters[place - 1]}${characters[place]}`);
    }
  }
  return terms;
}

/** Each term of a text with the number of times that it occurs. */
export function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of tokenise(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function cut(term: string): string {
  return term.length <= longestTerm ? term : term.slice(0, longestTerm).toWellFormed();
}
