import type { JsonValue } from '@kumiki/flow';
import type { ChatMessage } from '@kumiki/node-sdk';
import { KumikiError } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { FlowInput } from './flow-interface.ts';

const partSchema = z.object({ type: z.string(), text: z.string().optional() });
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(partSchema)]),
});

/** What OpenAI's clients send. Sampling parameters are accepted and ignored: the flow sets its own. */
const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  user: z.string().max(200).nullish(),
  n: z.number().nullish(),
});

export type ChatCompletionRequest = {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly subject: string | null;
};

/** Parameters that a flow cannot honour, and that would change what the caller gets. */
const refusals: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: (value) => Array.isArray(value) && value.length > 0,
  functions: (value) => Array.isArray(value) && value.length > 0,
  tool_choice: (value) => value !== 'none' && value !== 'auto',
  n: (value) => value !== 1,
  logprobs: (value) => value !== false,
  top_logprobs: (value) => value !== 0,
  response_format: (value) =>
    !(typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'),
  modalities: (value) => !(Array.isArray(value) && value.every((modality) => modality === 'text')),
  audio: () => true,
};

/** Reads a body in OpenAI's shape. Throws `unsupported-parameter` and `invalid-request` (400, `path` is the parameter). */
export function readChatRequest(body: unknown): ChatCompletionRequest {
  if (typeof body === 'object' && body !== null) {
    for (const [name, value] of Object.entries(body)) {
      if (value != null && refusals[name]?.(value)) throw refuseParameter(name);
    }
  }
  const parsed = chatRequestSchema.safeParse(body);
  if (!parsed.success) throw refuseShape(parsed.error.issues[0]?.path ?? []);
  const { model, messages, stream, stream_options: streamOptions, user } = parsed.data;
  return {
    model,
    messages: messages.map(({ role, content }, index) => ({
      role: role === 'developer' ? 'system' : role,
      content: typeof content === 'string' ? content : joinParts(content, index),
    })),
    stream: stream ?? false,
    includeUsage: streamOptions?.include_usage ?? false,
    subject: user ?? null,
  };
}

/**
 * The flow's inputs for a chat: all messages go to a `messages` input; a flow with exactly one text input gets the last
 * message of the user. Null where the flow has neither, so that it cannot be called this way.
 */
export function fillInputs(
  inputs: readonly FlowInput[],
  messages: readonly ChatMessage[],
): Readonly<Record<string, JsonValue>> | null {
  const [first] = inputs;
  if (first === undefined || inputs.length !== 1) return null;
  if (first.kind === 'messages') return { [first.name]: messages.map((message) => ({ ...message })) };
  if (first.kind !== 'text') return null;
  const question = messages.findLast((message) => message.role === 'user');
  if (question === undefined) throw refuseShape(['messages']);
  return { [first.name]: question.content };
}

function joinParts(parts: readonly z.infer<typeof partSchema>[], index: number): string {
  return parts
    .map((part) => {
      if (part.type !== 'text' || part.text === undefined) throw refuseParameter(`messages[${index}].content`);
      return part.text;
    })
    .join('');
}

function refuseParameter(name: string): KumikiError {
  return new KumikiError({
    code: 'unsupported-parameter',
    status: 400,
    path: name,
    message: {
      en: `“${name}” is not supported with this value: a Kumiki endpoint answers by its flow. Leave it out.`,
      ja: `「${name}」はこの値では使えません。Kumiki のエンドポイントはフローのとおりに回答します。指定を外してください。`,
    },
  });
}

function refuseShape(steps: readonly PropertyKey[]): KumikiError {
  const name = steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .slice(1);
  return new KumikiError({
    code: 'invalid-request',
    status: 400,
    path: name,
    message: {
      en: `“${name || 'body'}” is missing or not of the shape that chat completions have.`,
      ja: `「${name || 'body'}」がないか、chat completions の形式に合っていません。`,
    },
  });
}
