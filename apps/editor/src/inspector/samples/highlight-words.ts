export type TextPart = { readonly start: number; readonly text: string; readonly isHit: boolean };

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });
const kana = /^[\p{Script=Hiragana}ー]+$/u;
const oneLetter = /^[\p{Script=Latin}\p{N}]$/u;

/** Words of a question that say what it is about: particles, endings and single letters are left out. */
export function readWords(query: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { segment, isWordLike } of segmenter.segment(query)) {
    const word = segment.toLowerCase();
    const isFunctionWord = kana.test(word) && word.length <= 3;
    if (isWordLike && !isFunctionWord && !oneLetter.test(word) && !englishFunctionWords.has(word)) words.add(word);
  }
  return words;
}

/** Cuts a text at the words, so that they can be marked. */
export function splitAtWords(text: string, words: ReadonlySet<string>): readonly TextPart[] {
  if (words.size === 0) return [{ start: 0, text, isHit: false }];
  const pattern = [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => (/^[\p{Script=Latin}\p{N}]+$/u.test(word) ? `\\b${word}\\b` : escapePattern(word)))
    .join('|');
  const parts: TextPart[] = [];
  let taken = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
    if (match.index > taken) parts.push({ start: taken, text: text.slice(taken, match.index), isHit: false });
    parts.push({ start: match.index, text: match[0], isHit: true });
    taken = match.index + match[0].length;
  }
  if (taken < text.length) parts.push({ start: taken, text: text.slice(taken), isHit: false });
  return parts;
}

const englishFunctionWords: ReadonlySet<string> = new Set(
  'a an and are as at be by can do does for from has have how i if in is it its me my not of on or our that the their there this to was we what when where which who why will with you your'.split(
    ' ',
  ),
);

/** Words of a segmenter may hold dots and the like: `3.5`, `C++`. */
function escapePattern(word: string): string {
  return word.replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&');
}
