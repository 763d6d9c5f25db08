import type { EmbeddingModelValue, NodeContext } from '@kumiki/node-sdk';
import type { CountTokens } from './chunk-document.ts';
import { estimateTokens } from './estimate-tokens.ts';

/** What a model wants in front of a text, and its own marks, take a part of its length. */
const reservedTokens = 16;

/** Counts tokens as the embedding model does where one is wired, else estimates them from the characters. */
export function chooseCounter(model: EmbeddingModelValue | undefined, context: NodeContext): CountTokens {
  return model === undefined
    ? async (texts) => texts.map(estimateTokens)
    : (texts) => context.models.countTokens(model, texts);
}

/** A chunk that is longer than the model would be cut silently by it, so the model's length is the upper bound. */
export function fitSize(size: number, model: EmbeddingModelValue | undefined, context: NodeContext): number {
  if (model === undefined) return size;
  const largest = Math.max(32, model.maximumTokens - reservedTokens);
  if (size <= largest) return size;
  context.warn({
    code: 'chunk-size-reduced',
    message: {
      en: `“${model.name}” takes at most ${model.maximumTokens} tokens, so chunks have ${largest} tokens instead of ${size}.`,
      ja: `「${model.name}」が受け取れるのは ${model.maximumTokens} トークンまでのため、断片を ${size} トークンではなく ${largest} トークンにします。`,
    },
  });
  return largest;
}
