import type { JsonValue } from '@kumiki/flow';
import { type ChatMessage, KumikiError } from '@kumiki/node-sdk';
import {
  appendTurn,
  type ConversationAddress,
  type ConversationRoute,
  type Database,
  openConversation,
} from '@kumiki/store';
import { z } from 'zod';
import { refuseInvalidRequest } from '../http/invalid-request.ts';
import type { ContractOutputs } from '../runs/contract-events.ts';
import { formatChatText } from './chat-text.ts';
import type { FlowInput } from './flow-interface.ts';

type Inputs = Readonly<Record<string, JsonValue>>;

/** A question that is part of a conversation, before it is asked. */
export type ConversationCall = {
  readonly at: ConversationAddress;
  /** The route that the conversation has; null before its first answer. */
  readonly route: ConversationRoute | null;
  /** Those of the request, with what was said before in the flow's input of the kind `messages`. */
  readonly inputs: Inputs;
  /** What the person said; empty where the flow reads no conversation, so that none of it is remembered. */
  readonly said: readonly ChatMessage[];
};

/**
 * Makes a question one of a conversation. Throws `conversation-unclear` (422) where it cannot be told what is said, and
 * `invalid-request`.
 */
export async function openCall(
  database: Database,
  at: ConversationAddress,
  question: { readonly takes: readonly FlowInput[]; readonly inputs: Inputs },
): Promise<ConversationCall> {
  const utterance = readUtterance(question.takes, question.inputs);
  const { route, history } = await openConversation(database, at);
  if (utterance === null) return { at, route, inputs: question.inputs, said: [] };
  return { at, route, inputs: addHistory(question.inputs, utterance, history), said: utterance.said };
}

/** Remembers an answer: what was said and what was answered, or neither. Call it within a transaction. */
export async function keepTurn(
  transaction: Database,
  { at, said }: ConversationCall,
  answered: {
    readonly route: ConversationRoute;
    readonly run: string;
    readonly subject: string | null;
    readonly outputs: ContractOutputs | null;
  },
): Promise<void> {
  const { run, subject, outputs } = answered;
  const { flow, version, output } = answered.route;
  const result = outputs?.[output];
  const isExchange = said.length > 0 && result?.state === 'answered';
  const messages: readonly ChatMessage[] = isExchange
    ? [...said, { role: 'assistant', content: formatChatText(result.value) }]
    : [];
  await appendTurn(transaction, at, { route: { flow, version, output }, run, subject, messages });
}

export type Utterance = {
  /** The flow's input that takes the conversation. */
  readonly input: string;
  /** The messages that the request has for it. */
  readonly given: readonly ChatMessage[];
  /** What the person said by the request, as it will be remembered. */
  readonly said: readonly ChatMessage[];
};

const messagesSchema = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }));

/**
 * What a request says in a conversation: the messages that it gives, else its one text. Null where the flow takes no
 * messages. Instructions (`system`) hold for the call that brings them; they are nothing that a person said.
 */
export function readUtterance(takes: readonly FlowInput[], inputs: Inputs): Utterance | null {
  const [taker, ...others] = takes.filter(({ kind }) => kind === 'messages');
  if (taker === undefined) return null;
  if (others.length > 0) throw refuseSeveral([taker, ...others]);
  const given = readMessages(taker.name, inputs);
  const spoken = given.filter(({ role }) => role !== 'system');
  if (spoken.some(({ role }) => role === 'user')) return { input: taker.name, given, said: spoken };
  const [text, ...otherTexts] = takes.filter(({ kind }) => kind === 'text');
  const content = text === undefined ? undefined : inputs[text.name];
  if (text === undefined || otherTexts.length > 0) throw refuseSilence(taker.name);
  // Where the text is missing, the flow says so itself.
  return { input: taker.name, given, said: typeof content === 'string' ? [{ role: 'user', content }] : [] };
}

/** Instructions first, since chat templates have no other place for them; then what was said before; then the rest. */
export function addHistory(inputs: Inputs, { input, given }: Utterance, history: readonly ChatMessage[]): Inputs {
  const isInstruction = ({ role }: ChatMessage) => role === 'system';
  const instructions = given.filter(isInstruction);
  const rest = given.filter((message) => !isInstruction(message));
  return { ...inputs, [input]: [...instructions, ...history, ...rest].map((message) => ({ ...message })) };
}

function readMessages(name: string, inputs: Inputs): readonly ChatMessage[] {
  if (inputs[name] === undefined) return [];
  const parsed = z.object({ inputs: z.object({ [name]: messagesSchema }) }).safeParse({ inputs });
  if (!parsed.success) return refuseInvalidRequest(parsed.error, 'json');
  return parsed.data.inputs[name] ?? [];
}

function refuseSilence(input: string): KumikiError {
  return new KumikiError({
    code: 'conversation-unclear',
    status: 422,
    path: `/inputs/${input}`,
    message: {
      en: `It cannot be told what the person says in this conversation: the flow does not have exactly one text input. Send it as messages under \`inputs.${input}\`, the last one with the role “user”.`,
      ja: `このフローのテキスト入力は 1 つではないため、会話での発言がどれか判断できません。\`inputs.${input}\` に、最後が role「user」のメッセージを入れて送ってください。`,
    },
  });
}

function refuseSeveral(inputs: readonly FlowInput[]): KumikiError {
  const names = inputs.map(({ name }) => name);
  return new KumikiError({
    code: 'conversation-unclear',
    status: 422,
    path: '/conversation',
    message: {
      en: `The flow has several inputs for messages (${names.join(', ')}), so that it cannot be told which of them takes the conversation. Leave out \`conversation\`, or publish a flow with one such input.`,
      ja: `このフローには会話文の入力が複数あり（${names.join('、')}）、どれに会話を渡すか判断できません。\`conversation\` を外すか、会話文の入力が 1 つのフローを公開してください。`,
    },
  });
}
