import { splitAtWords } from './highlight-words.ts';

/** A text with the question's words marked. */
export function MarkedText({ text, words }: { readonly text: string; readonly words: ReadonlySet<string> }) {
  return splitAtWords(text, words).map((part) =>
    part.isHit ? <mark key={part.start}>{part.text}</mark> : <span key={part.start}>{part.text}</span>,
  );
}
