import type { ChatMessage, Utterance } from '@kumiki/node-sdk';

export type Messages = {
  /** What the source says to the model, empty where it says nothing. */
  readonly system: string;
  /** User and assistant in turn, from either. */
  readonly turns: readonly ChatMessage[];
  /** How many utterances were put together with the one before. */
  readonly merged: number;
  /** How many said nothing. */
  readonly empty: number;
};

/**
 * Utterances as turns of two sides: what one side says in a row is one message, a line each. With `withSpeakers`, who
 * speaks on the user's side is written in front, where there are several.
 */
export function makeMessages(
  utterances: readonly Utterance[],
  isAssistant: (utterance: Utterance) => boolean,
  { withSpeakers }: { readonly withSpeakers: boolean },
): Messages {
  const system: string[] = [];
  const turns: { role: 'user' | 'assistant'; content: string }[] = [];
  const users = new Set(
    utterances.filter((one) => one.role !== 'system' && !isAssistant(one)).map(({ speaker }) => speaker),
  );
  let merged = 0;
  let empty = 0;
  for (const utterance of utterances) {
    const text = utterance.text.trim();
    if (text === '') {
      empty += 1;
      continue;
    }
    if (utterance.role === 'system') {
      system.push(text);
      continue;
    }
    const role = isAssistant(utterance) ? 'assistant' : 'user';
    const content =
      withSpeakers && role === 'user' && users.size > 1 && utterance.speaker !== ''
        ? `${utterance.speaker}: ${text}`
        : text;
    const last = turns.at(-1);
    if (last?.role !== role) {
      turns.push({ role, content });
      continue;
    }
    last.content += `\n${content}`;
    merged += 1;
  }
  return { system: system.join('\n\n'), turns, merged, empty };
}
