import type { Conversation } from '@kumiki/node-sdk';
import { chooseAssistant } from './choose-assistant.ts';
import { makeMessages } from './make-messages.ts';

export type Exchange<Source> = { readonly source: Source; readonly question: string; readonly answer: string };

/**
 * The first question of each conversation with the answer that it got: what is asked later rests on what was said
 * before, and says little by itself. Null where it is not clear who answers.
 */
export function readExchanges<Source extends { readonly conversation: Conversation }>(
  sources: readonly Source[],
): { readonly exchanges: readonly Exchange<Source>[]; readonly unanswered: readonly Source[] } | null {
  const assistant = chooseAssistant(sources.map(({ conversation }) => conversation));
  if (assistant === null) return null;
  const exchanges: Exchange<Source>[] = [];
  const unanswered: Source[] = [];
  for (const source of sources) {
    const { turns } = makeMessages(source.conversation.utterances, assistant.matches, { withSpeakers: false });
    const begin = turns.findIndex(({ role }) => role === 'user');
    const [question, answer] = begin < 0 ? [] : turns.slice(begin, begin + 2);
    if (question === undefined || answer === undefined) unanswered.push(source);
    else exchanges.push({ source, question: question.content, answer: answer.content });
  }
  return { exchanges, unanswered };
}
