/** Scripts that are written without spaces between words. */
const spaceless = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';

const separatorsOfThousands = /(?<=\p{Nd}),(?=\p{Nd}{3}(?!\p{Nd}))/gu;
/** A point between figures stays: 3.14 and 31.4 are not the same. */
const marks = /(?!(?<=\p{Nd})\.(?=\p{Nd}))[\p{P}\p{S}]/gu;
const spacesBesideSpaceless = new RegExp(`(?<=[${spaceless}])\\s+|\\s+(?=[${spaceless}])`, 'gu');
const spacelessLetters = new RegExp(`[${spaceless}]`, 'gu');
const articles: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/**
 * What two texts have to have in common to count as the same answer. In this order: NFKC (ｶﾞ → ガ, １ → 1, ① → 1),
 * lower case, separators of thousands, all punctuation and symbols except a decimal point, white space beside Japanese
 * (and other scripts without spaces), other white space as one space, English articles unless nothing else is there.
 *
 * As in SQuAD (Rajpurkar et al. 2016, evaluate-v1.1.py), with NFKC and the handling of figures and spaces in addition.
 */
export function normaliseText(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(separatorsOfThousands, '')
    .replace(marks, '')
    .replace(spacesBesideSpaceless, '')
    .trim();
  if (plain === '') return '';
  const words = plain.split(/\s+/u);
  const kept = words.filter((word) => !articles.has(word));
  return (kept.length === 0 ? words : kept).join(' ');
}

/** Whether words can be told by spaces: fewer than half of the letters and figures are of a script without them. */
export function usesSpaces(text: string): boolean {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const without = text.match(spacelessLetters)?.length ?? 0;
  return without * 2 < letters || letters === 0;
}
