import type { ChatMessage, Example } from '@kumiki/node-sdk';
import { estimateTokens } from '../chunk/estimate-tokens.ts';

export type CutSettings = {
  /** One example for each answer, or as much of a conversation as fits into one. */
  readonly unit: 'answer' | 'conversation';
  /** Turns before an answer that go along, at most. */
  readonly context: number;
  /** Estimated, the marks of a chat template included. */
  readonly maximumTokens: number;
  /** Shorter answers are context, and are not learnt. */
  readonly minimumAnswer: number;
};

export type CutExamples = {
  readonly examples: readonly Pick<Example, 'messages' | 'trained'>[];
  /** Turns of the assistant before anybody asked. */
  readonly openings: number;
  /** Answers that are too short to be learnt. */
  readonly short: number;
  /** Answers that do not fit with their question alone: estimated tokens of both. */
  readonly tooLong: readonly number[];
};

type Exchange = {
  readonly user: ChatMessage;
  readonly assistant: ChatMessage;
  readonly tokens: number;
  readonly isLearnt: boolean;
};

/** What a chat template puts around a message. */
const markTokens = 4;

/**
 * Cuts a conversation into examples that begin with the user, alternate, and end with an answer that is learnt. Each answer
 * is learnt once. What was said before goes along as far as it fits: the most recent first.
 */
export function cutExamples(turns: readonly ChatMessage[], system: string, settings: CutSettings): CutExamples {
  const begin = turns.findIndex(({ role }) => role === 'user');
  const exchanges = pairTurns(begin < 0 ? [] : turns.slice(begin), settings.minimumAnswer);
  const head: readonly ChatMessage[] = system === '' ? [] : [{ role: 'system', content: system }];
  const room = settings.maximumTokens - (system === '' ? 0 : countMessage(system));
  const before = Math.floor(settings.context / 2);
  const examples: Pick<Example, 'messages' | 'trained'>[] = [];
  const tooLong: number[] = [];
  let next = 0;
  while (next < exchanges.length) {
    const exchange = exchanges[next];
    if (exchange === undefined) break;
    if (!exchange.isLearnt || exchange.tokens > room) {
      if (exchange.isLearnt) tooLong.push(exchange.tokens + settings.maximumTokens - room);
      next += 1;
      continue;
    }
    let tokens = exchange.tokens;
    let from = next;
    // Half at most for what is only context, where more is to be learnt behind it.
    const contextRoom = settings.unit === 'answer' ? room : Math.max(room / 2, exchange.tokens);
    while (from > Math.max(0, next - before)) {
      const earlier = exchanges[from - 1]?.tokens ?? 0;
      if (tokens + earlier > contextRoom) break;
      tokens += earlier;
      from -= 1;
    }
    let end = next + 1;
    while (settings.unit === 'conversation' && end < exchanges.length) {
      const later = exchanges[end]?.tokens ?? 0;
      if (tokens + later > room) break;
      tokens += later;
      end += 1;
    }
    examples.push(makeExample(head, exchanges.slice(from, end), next - from));
    next = end;
  }
  return {
    examples,
    openings: begin < 0 ? turns.length : begin,
    short: exchanges.filter(({ isLearnt }) => !isLearnt).length,
    tooLong,
  };
}

/** A question at the end that nobody answered is nothing to learn from. */
function pairTurns(turns: readonly ChatMessage[], minimumAnswer: number): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  for (let place = 0; place + 1 < turns.length; place += 2) {
    const [user, assistant] = [turns[place], turns[place + 1]];
    if (user === undefined || assistant === undefined) break;
    const tokens = countMessage(user.content) + countMessage(assistant.content);
    exchanges.push({ user, assistant, tokens, isLearnt: assistant.content.length >= minimumAnswer });
  }
  return exchanges;
}

/** `context` exchanges at the beginning are only read. Those at the end that are not learnt are left off. */
function makeExample(
  head: readonly ChatMessage[],
  exchanges: readonly Exchange[],
  context: number,
): Pick<Example, 'messages' | 'trained'> {
  const length = exchanges.findLastIndex(({ isLearnt }) => isLearnt) + 1;
  const kept = exchanges.slice(0, length);
  return {
    messages: [...head, ...kept.flatMap(({ user, assistant }) => [user, assistant])],
    trained: kept.flatMap(({ isLearnt }, place) => (isLearnt && place >= context ? [head.length + place * 2 + 1] : [])),
  };
}

function countMessage(content: string): number {
  return estimateTokens(content) + markTokens;
}

/** Estimated tokens of all messages of an example. */
export function countExample({ messages }: Pick<Example, 'messages'>): number {
  return messages.reduce((sum, { content }) => sum + countMessage(content), 0);
}
