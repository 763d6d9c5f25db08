import {
  type ChatMessage,
  type ChatModelValue,
  defineNode,
  KumikiError,
  type NodeContext,
  port,
  type TokenUsage,
} from '@kumiki/node-sdk';
import { z } from 'zod';
import { warnOtherPrompt } from './check-trained-prompt.ts';

const settings = z.object({
  temperature: z.number().min(0).max(2).default(0.2),
  maximumTokens: z.int().min(1).max(100_000).default(512),
  contextLength: z.int().min(256).max(2_000_000).default(8192),
  seed: z.int().min(-1).max(2_147_483_647).default(-1),
});

/** Asks a chat model, and streams what it writes. */
export const generateAnswer = defineNode({
  type: 'generate/llm',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Generate', ja: '生成' },
  description: {
    en: 'Sends the prompt to a chat model. The answer appears while it is being written.',
    ja: 'プロンプトを対話モデルに送ります。回答は、書かれたところから順に表示されます。',
  },
  settings,
  settingTexts: {
    temperature: {
      title: { en: 'Temperature', ja: '温度' },
      description: {
        en: 'Low stays close to the passages, high varies more.',
        ja: '低いほど抜粋に忠実に、高いほど表現が変わりやすくなります。',
      },
      widget: 'slider',
    },
    maximumTokens: {
      title: { en: 'Longest answer (tokens)', ja: '回答の最大長（トークン）' },
    },
    contextLength: {
      title: { en: 'Context length (tokens)', ja: 'コンテキスト長（トークン）' },
      description: {
        en: 'Room for the prompt and the answer together. A longer context takes more memory; it never exceeds what the model was made for.',
        ja: 'プロンプトと回答を合わせた長さの上限です。長くするほどメモリーを使います。モデルの上限は超えません。',
      },
      advanced: true,
    },
    seed: {
      title: { en: 'Seed', ja: 'シード' },
      description: {
        en: 'With the same seed, most hosts give the same answer again. -1 gives another one each time.',
        ja: '同じ値にすると、多くのホストでは同じ回答が得られます。-1 にすると毎回変わります。',
      },
      advanced: true,
    },
  },
  inputs: {
    prompt: port.oneOf(['messages', 'text'], { title: { en: 'prompt', ja: 'プロンプト' } }),
    model: port.chatModel(),
  },
  outputs: { answer: port.text({ title: { en: 'answer', ja: '回答' } }) },
  resources: ['network'],
  async run({ settings, inputs, context }) {
    const messages: readonly ChatMessage[] =
      typeof inputs.prompt === 'string' ? [{ role: 'user', content: inputs.prompt }] : inputs.prompt;
    warnOtherPrompt(context, inputs.model, messages);
    return { answer: await streamAnswer(messages, inputs.model, settings, context) };
  },
});

async function streamAnswer(
  messages: readonly ChatMessage[],
  model: ChatModelValue,
  { temperature, maximumTokens, contextLength, seed }: z.output<typeof settings>,
  context: NodeContext,
): Promise<string> {
  let answer = '';
  let deltas = 0;
  let end: { reason: 'stop' | 'length'; usage: TokenUsage } | null = null;
  try {
    const events = context.models.chat(model, {
      messages,
      temperature,
      maximumTokens,
      contextLength: Math.min(contextLength, model.contextLength ?? contextLength),
      ...(seed === -1 ? {} : { seed }),
    });
    for await (const event of events) {
      context.signal.throwIfAborted();
      if (event.type === 'end') {
        end = event;
      } else if (event.text !== '') {
        answer += event.text;
        deltas += 1;
        context.emitText(event.text);
        context.progress({ done: deltas, total: maximumTokens, unit: 'tokens' });
      }
    }
  } catch (error) {
    throw explainFailure(error, { started: answer !== '', model, context });
  }
  context.signal.throwIfAborted();
  if (end === null) throw streamWasCut(model, context);
  context.reportUsage(end.usage);
  context.progress({ done: end.usage.completionTokens, total: maximumTokens, unit: 'tokens' });
  if (end.reason === 'length') warnCut(context, maximumTokens);
  return answer;
}

/**
 * What the client has begun to read cannot be taken back, so a failure after the first token is final; before it, the
 * host's own word on retrying stands. A prompt that is too long gets advice that fits this node.
 */
function explainFailure(
  error: unknown,
  { started, model, context }: { started: boolean; model: ChatModelValue; context: NodeContext },
): unknown {
  if (!(error instanceof KumikiError)) return error;
  const message =
    error.code === 'model-input-too-long'
      ? {
          en: `The prompt is too long for the model “${model.name}”. Hand on fewer passages in the search node, use smaller chunks, or raise the context length in the settings of “${context.node}”.`,
          ja: `プロンプトが長すぎて、モデル「${model.name}」に収まりません。検索の部品で抜粋の数を減らすか、断片を小さくするか、「${context.node}」の設定でコンテキスト長を増やしてください。`,
        }
      : error.text;
  return new KumikiError({
    code: error.code,
    message,
    retryable: error.retryable && !started,
    status: error.status,
    node: error.node ?? context.node,
    ...(error.path === null ? {} : { path: error.path }),
    cause: error,
  });
}

/** No host may end without its final mark; one that does has lost the rest of the answer. */
function streamWasCut(model: ChatModelValue, context: NodeContext): KumikiError {
  return new KumikiError({
    code: 'model-stream-cut',
    message: {
      en: `The answer of “${model.name}” broke off before its end. Ask again; if it happens often, look at the log of the model host.`,
      ja: `モデル「${model.name}」の回答が途中で切れました。もう一度質問してください。何度も起きるときは、モデルホストのログを確認してください。`,
    },
    status: 502,
    node: context.node,
  });
}

function warnCut(context: NodeContext, maximumTokens: number): void {
  context.warn({
    code: 'answer-cut',
    message: {
      en: `The answer was cut at ${maximumTokens} tokens. Raise the longest answer in the settings of “${context.node}”.`,
      ja: `回答が ${maximumTokens} トークンで打ち切られました。「${context.node}」の設定で回答の最大長を増やしてください。`,
    },
  });
}
