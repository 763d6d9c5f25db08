import { isStopWord, stemEnglish } from './stem-english.ts';

/**
 * Numbers what `tokenise` makes of a text. Whoever changes that raises this number: an index remembers by which it was
 * written, and is not asked with terms of another.
 */
export const tokeniserVersion = 1;

/** The Japanese segmenter breaks Latin text at the same places as an English one, so one does for both. */
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
const japanese = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〆ヶ';
const hasJapanese = new RegExp(`[${japanese}]`, 'u');
/** What stands together without a blank or a mark between. */
const run = new RegExp(`[${japanese}\\p{L}\\p{N}]+`, 'gu');
/** Of a run: a Japanese character, a number, or a word of another script. */
const unit = new RegExp(`[${japanese}]|\\p{N}+|[^${japanese}\\p{N}]+`, 'gu');
/** Longer words are digests and encoded data: their beginning tells them apart. */
const longestTerm = 64;

/**
 * Terms of a text, in no particular order, each as often as it occurs: words, and the bigrams of Japanese characters,
 * also of one and the number or foreign word beside it (`2004` and `年`). Both together find more than either alone,
 * since words break differently in a question and in a text, and bigrams do not. Words of other scripts count twice, or
 * else they would weigh less than Japanese ones, whose bigrams count besides. On JaQuAD, R@1 and R@5: words 83.0 and
 * 96.8, bigrams 83.0 and 96.2, as here 85.5 and 97.4; on XQuAD in English 93.5 and 98.8.
 */
export function tokenise(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const terms: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(plain)) {
    if (!isWordLike) continue;
    if (hasJapanese.test(segment)) {
      terms.push(cut(segment));
    } else if (!isStopWord(segment)) {
      const word = cut(stemEnglish(segment));
      terms.push(word, word);
    }
  }
  for (const [characters] of plain.matchAll(run)) addBigrams(characters, terms);
  return terms;
}

function addBigrams(characters: string, terms: string[]): void {
  let before: string | undefined;
  let beforeJapanese = false;
  for (const [here] of characters.matchAll(unit)) {
    const isJapanese = hasJapanese.test(here);
    if (before !== undefined && (isJapanese || beforeJapanese)) terms.push(cut(before + here));
    before = here;
    beforeJapanese = isJapanese;
  }
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
