import type { LocalisedText } from '@kumiki/flow';
import type { Utterance } from '@kumiki/node-sdk';
import { z } from 'zod';
import { type DataRecord, giveOne, makeUtterance, matchRecord, type RowResult } from './records.ts';

const contentSchema = z.union([
  z.string(),
  z.array(z.union([z.string(), z.object({ type: z.string(), text: z.string().optional() })])),
]);
const messageSchema = z.object({ role: z.string(), content: contentSchema.nullish(), name: z.string().optional() });
const rowSchema = z.object({
  messages: z.array(messageSchema).min(1),
  id: z.union([z.string(), z.number()]).optional(),
});

const shareGptTurn = z.object({ from: z.string(), value: z.string() });
const shareGptSchema = z.object({
  conversations: z.array(z.union([shareGptTurn, messageSchema])).min(1),
  system: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
});

const alpacaSchema = z.object({
  instruction: z.string(),
  input: z.string().nullish(),
  output: z.string(),
  system: z.string().nullish(),
  history: z.array(z.tuple([z.string(), z.string()])).nullish(),
});

/** What tools, sources and sides of a dialogue are called in the wild. */
const roles: ReadonlyMap<string, 'system' | 'user' | 'assistant'> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['prompter', 'user'],
  ['customer', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bot', 'assistant'],
  ['model', 'assistant'],
  ['bard', 'assistant'],
  ['bing', 'assistant'],
  ['agent', 'assistant'],
]);

export function readRole(name: string): 'system' | 'user' | 'assistant' | null {
  return roles.get(name.trim().toLowerCase()) ?? null;
}

/** OpenAI's `messages`. Tool calls are nothing that a chat model could be taught here, so such a row is left out. */
export function readMessages({ line, value }: DataRecord): RowResult {
  const match = matchRecord(rowSchema, value);
  if ('reason' in match) return match;
  const utterances: Utterance[] = [];
  for (const message of match.row.messages) {
    const read = readMessage(message);
    if ('reason' in read) return read;
    utterances.push(read.utterance);
  }
  return giveOne({ id: nameRow(match.row.id), utterances, line });
}

export function readShareGpt({ line, value }: DataRecord): RowResult {
  const match = matchRecord(shareGptSchema, value);
  if ('reason' in match) return match;
  const { conversations, system, id } = match.row;
  const utterances: Utterance[] = system ? [makeUtterance({ role: 'system', text: system })] : [];
  for (const turn of conversations) {
    const read = readMessage('from' in turn ? { role: turn.from, content: turn.value } : turn);
    if ('reason' in read) return read;
    utterances.push(read.utterance);
  }
  return giveOne({ id: nameRow(id), utterances, line });
}

export function readAlpaca({ line, value }: DataRecord): RowResult {
  const match = matchRecord(alpacaSchema, value);
  if ('reason' in match) return match;
  const { instruction, input, output, system, history } = match.row;
  const question = [instruction, input ?? ''].filter((text) => text.trim() !== '').join('\n\n');
  const utterances = [
    ...(system ? [makeUtterance({ role: 'system', text: system })] : []),
    ...(history ?? []).flatMap(([asked, answered]) => [
      makeUtterance({ role: 'user', text: asked }),
      makeUtterance({ role: 'assistant', text: answered }),
    ]),
    makeUtterance({ role: 'user', text: question }),
    makeUtterance({ role: 'assistant', text: output }),
  ];
  return giveOne({ id: null, utterances, line });
}

function readMessage({
  role: name,
  content,
  name: speaker = '',
}: z.output<typeof messageSchema>): { readonly utterance: Utterance } | { readonly reason: LocalisedText } {
  const role = readRole(name);
  if (role === null) {
    return {
      reason: {
        en: `It has a message of the role “${name}”, which cannot be used.`,
        ja: `使えない役割「${name}」のメッセージが含まれています。`,
      },
    };
  }
  if (content === null || content === undefined) {
    return {
      reason: {
        en: 'It has a message without text, such as a tool call.',
        ja: 'ツール呼び出しなど、本文のないメッセージが含まれています。',
      },
    };
  }
  const parts =
    typeof content === 'string'
      ? [content]
      : content.map((part) => (typeof part === 'string' ? part : (part.text ?? '')));
  return { utterance: makeUtterance({ role, speaker, text: parts.join('') }) };
}

function nameRow(id: string | number | undefined): string | null {
  return id === undefined ? null : String(id);
}
