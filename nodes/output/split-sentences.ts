export type Sentence = { readonly text: string; readonly start: number; readonly end: number };

/**
 * Ends of sentences: Japanese full stops with the closing brackets that follow, a Western full stop before a space,
 * and line ends. Abbreviations split too early, which only makes a sentence shorter.
 */
const sentenceEnd = /[。！？!?]+[」』）)”’\]]*|\.(?=\s|$)|\n+/gu;

/** Splits a text into sentences with their offsets, without the space around them; the empty ones are left out. */
export function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const close = (end: number) => {
    const whole = text.slice(start, end);
    const trimmed = whole.trim();
    if (trimmed !== '') {
      const from = start + whole.indexOf(trimmed);
      sentences.push({ text: trimmed, start: from, end: from + trimmed.length });
    }
    start = end;
  };
  for (const match of text.matchAll(sentenceEnd)) close(match.index + match[0].length);
  close(text.length);
  return sentences;
}
