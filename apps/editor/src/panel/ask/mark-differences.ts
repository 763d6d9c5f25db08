import { diffArrays } from 'diff';
import type { Language } from '../../theme/appearance.ts';

/** A part of an answer; `isOwn` where the other answer has nothing like it. */
export type AnswerPart = { readonly text: string; readonly isOwn: boolean };

/** Cuts an answer into what another one says too, in the same order, and what it says alone; by words of its language. */
export function markDifferences(answer: string, other: string, language: Language): readonly AnswerPart[] {
  const changes = diffArrays(listWords(other, language), listWords(answer, language));
  const parts: AnswerPart[] = [];
  for (const { value, added, removed } of changes) {
    if (!removed) parts.push({ text: value.join(''), isOwn: added });
  }
  return parts;
}

/** Japanese is written without spaces; the browser knows where its words end. */
function listWords(text: string, language: Language): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
