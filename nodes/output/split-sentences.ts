import { findSentences } from '../chunk/find-sentences.ts';

export type Sentence = { readonly text: string; readonly start: number; readonly end: number };

/**
 * Splits a text into sentences with their offsets, by the same rules as chunking. Here a line end is an end, too: what a
 * model writes is not wrapped by hand.
 */
export function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  for (const line of text.matchAll(/[^\n]+/gu)) {
    for (const { start, end } of findSentences(text, { start: line.index, end: line.index + line[0].length })) {
      sentences.push({ text: text.slice(start, end), start, end });
    }
  }
  return sentences;
}
