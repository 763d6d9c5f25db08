import type { ChatRequest } from '@kumiki/node-sdk';
import type { ChatContexts } from './chat-contexts.ts';
import type { ChatSlot } from './chat-sequences.ts';
import { countShared, sliceLength } from './chat-sequences.ts';
import type { Llama, LlamaGrammar, LlamaModel, LlamaModule, LlamaSequence, Token } from './llama-types.ts';
import type { AdapterFile, WorkerResults } from './protocol.ts';
import { WorkerError } from './protocol.ts';
import type { RenderPrompt } from './render-prompt.ts';
import { createStopText } from './stop-text.ts';

/** Context that is allotted unless a request asks for another. */
const defaultContextLength = 4096;

export type WantedAnswer = {
  readonly request: Omit<ChatRequest, 'adapter'>;
  readonly adapter: AdapterFile | null;
};

export type AnswerWriter = (
  wanted: WantedAnswer,
  onText: (text: string) => void,
  signal: AbortSignal,
) => Promise<WorkerResults['chat']>;

export type AnswerWriterOptions = {
  readonly module: LlamaModule;
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly contexts: ChatContexts;
  readonly renderPrompt: RenderPrompt;
};

/**
 * Writes an answer token by token. Sampling is greedy at temperature 0, else by the 40 likeliest tokens with the request's
 * `topP` and `seed`. Throws `input-too-long` where the prompt leaves no room for an answer, and `adapter` where the adapter
 * is none of this model.
 */
export function createAnswerWriter(options: AnswerWriterOptions): AnswerWriter {
  const { module, llama, model, contexts, renderPrompt } = options;
  return async ({ request, adapter }, onText, signal) => {
    const prompt = renderPrompt(request.messages);
    const contextLength = Math.min(request.contextLength ?? defaultContextLength, model.trainContextSize);
    const room = contextLength - prompt.length;
    if (room < 1) {
      throw new WorkerError('input-too-long', `${prompt.length} tokens do not fit a context of ${contextLength}.`);
    }
    const grammar =
      request.responseSchema === undefined ? null : await llama.createGrammarForJsonSchema(request.responseSchema);
    const slot = await contexts.acquire({ adapter, contextLength, prompt }, signal);
    try {
      await readPrompt(slot, prompt, signal);
      const limit = Math.min(request.maximumTokens, room);
      const sampling = describeSampling(request, grammar, module, model);
      return await generate({ sequence: slot.sequence, model, prompt, limit, sampling, request, onText, signal });
    } finally {
      contexts.release(slot);
    }
  };
}

/**
 * Evaluates all of the prompt but its last token, in slices. What the place holds from its last prompt is kept as far as
 * it is the same in whole slices: then every slice is computed just as it would be from the beginning, and the same request
 * gets the same answer whatever came before it.
 */
async function readPrompt(slot: ChatSlot, prompt: readonly Token[], signal: AbortSignal): Promise<void> {
  const { sequence } = slot;
  const end = prompt.length - 1;
  let done = Math.min(countShared(slot.prompt, prompt), end - (end % sliceLength));
  slot.prompt = prompt.slice(0, done);
  await sequence.eraseContextTokenRanges([{ start: done, end: sequence.nextTokenIndex }]);
  while (done < end) {
    signal.throwIfAborted();
    const slice = prompt.slice(done, Math.min(done + sliceLength, end));
    await sequence.evaluateWithoutGeneratingNewTokens(slice);
    done += slice.length;
    if (slice.length === sliceLength) slot.prompt = prompt.slice(0, done);
  }
}

type Sampling = Parameters<LlamaSequence['evaluate']>[1];

function describeSampling(
  request: WantedAnswer['request'],
  grammar: LlamaGrammar | null,
  module: LlamaModule,
  model: LlamaModel,
): Sampling {
  return {
    temperature: request.temperature,
    topK: 40,
    topP: request.topP ?? 1,
    minP: 0,
    yieldEogToken: true,
    seed: request.seed ?? Math.floor(Math.random() * 2 ** 31),
    ...(grammar !== null && { grammarEvaluationState: new module.LlamaGrammarEvaluationState({ model, grammar }) }),
  };
}

type Generation = {
  readonly sequence: LlamaSequence;
  readonly model: LlamaModel;
  readonly prompt: readonly Token[];
  readonly limit: number;
  readonly sampling: Sampling;
  readonly request: WantedAnswer['request'];
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
};

async function generate(generation: Generation): Promise<WorkerResults['chat']> {
  const { sequence, model, prompt, limit, sampling, request, onText, signal } = generation;
  const stopText = createStopText(request.stop ?? []);
  const written: Token[] = [];
  /** Tokens whose bytes do not make whole characters yet. */
  let pending: Token[] = [];
  let reason: 'stop' | 'length' = 'stop';
  /** The mark of the end counts, as it does on other hosts. */
  let generated = 0;
  const show = (text: string): void => {
    if (text !== '') onText(text);
  };

  for await (const token of sequence.evaluate(prompt.slice(-1), sampling)) {
    signal.throwIfAborted();
    generated += 1;
    if (model.isEogToken(token)) break;
    pending.push(token);
    const text = model.detokenize(pending, false, written);
    const isWhole = !text.endsWith('\ufffd') || pending.length > 4;
    if (isWhole) {
      written.push(...pending);
      pending = [];
      const { shown, stopped } = stopText.push(text);
      show(shown);
      if (stopped) break;
    }
    if (generated >= limit) {
      reason = 'length';
      break;
    }
  }
  show(stopText.flush());
  return { reason, usage: { promptTokens: prompt.length, completionTokens: generated } };
}
