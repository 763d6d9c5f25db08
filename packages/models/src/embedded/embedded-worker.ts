/**
 * The program of the process that runs one embedded model. It is a process of its own so that a crash of native code is an
 * error of one call and not the end of the server. Its only parameter is a `WorkerStart` as JSON; everything else goes
 * over the channel to its parent, and it ends when that channel does.
 */

import { createChatContexts } from './chat-contexts.ts';
import { createEmbeddingLanes } from './embedding-lanes.ts';
import type { LlamaModel, LlamaModule } from './llama-types.ts';
import type { LoadedModel, WorkerCall, WorkerFailure, WorkerMessage, WorkerResults, WorkerStart } from './protocol.ts';
import { WorkerError } from './protocol.ts';
import { createPromptRenderer } from './render-prompt.ts';
import { createAnswerWriter } from './write-answer.ts';

// OpenMP reads it when the native library is loaded. Threads that spin while they wait slow everything else down.
process.env.OMP_WAIT_POLICY = 'passive';

// The parent's own parameter, written by `startEmbeddedProcess`.
const start = JSON.parse(process.argv[2] ?? '') as WorkerStart;

process.on('disconnect', () => process.exit(0));

try {
  const calls = await loadModel(start);
  process.on('message', calls.handle);
  send({ type: 'ready', model: calls.model });
} catch (error) {
  process.send?.({ type: 'start-failure', ...describeFailure(error) } satisfies WorkerMessage, () => process.exit(1));
}

type Work = Exclude<WorkerCall, { type: 'abort' | 'measure' }>;

type Calls = { readonly model: LoadedModel; readonly handle: (call: WorkerCall) => void };

async function loadModel({ runtime, modelFile, ...options }: WorkerStart): Promise<Calls> {
  // The runtime's own types are not installed when this is checked.
  const module = (await import(runtime)) as LlamaModule;
  const llama = await module.getLlama({
    build: 'never',
    gpu: false,
    maxThreads: Math.max(options.chatThreads, options.embeddingLanes),
    logLevel: 'error',
  });
  const model = await llama.loadModel({ modelPath: modelFile });
  const lanes = createEmbeddingLanes(model, options.embeddingLanes);
  const contexts = createChatContexts(model, options.chatThreads);
  let write: ReturnType<typeof createAnswerWriter> | null = null;
  const answer: ReturnType<typeof createAnswerWriter> = (wanted, onText, signal) => {
    write ??= createAnswerWriter({ module, llama, model, contexts, renderPrompt: createPromptRenderer(model) });
    return write(wanted, onText, signal);
  };

  const running = new Map<number, AbortController>();
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    void Promise.all([lanes.rest(), contexts.rest()]);
  };

  const run = async (call: Work, signal: AbortSignal): Promise<WorkerMessage> => {
    try {
      const result = await perform(call, signal);
      return { id: call.id, type: 'result', result };
    } catch (error) {
      return { id: call.id, type: 'failure', ...describeFailure(error) };
    }
  };

  const perform = async (call: Work, signal: AbortSignal): Promise<WorkerResults[keyof WorkerResults]> => {
    switch (call.type) {
      case 'embed':
        return lanes.embed(call.texts, signal);
      case 'count':
        return { tokens: countTokens(model, call.texts) };
      case 'chat':
        return answer(call, (text) => send({ id: call.id, type: 'delta', text }), signal);
    }
  };

  const handle = (call: WorkerCall): void => {
    if (call.type === 'abort') {
      running.get(call.id)?.abort();
      return;
    }
    if (call.type === 'measure') {
      // No work: it does not keep contexts from being freed.
      const { user, system } = process.cpuUsage();
      const result = { bytes: process.memoryUsage.rss(), processorSeconds: (user + system) / 1e6 };
      send({ id: call.id, type: 'result', result });
      return;
    }
    clearTimeout(idle);
    const controller = new AbortController();
    running.set(call.id, controller);
    void run(call, controller.signal).then((message) => {
      running.delete(call.id);
      send(message);
      if (running.size === 0) idle = setTimeout(rest, options.idleMilliseconds);
    });
  };

  return { model: { contextLength: model.trainContextSize, dimensions: model.embeddingVectorSize }, handle };
}

function countTokens(model: LlamaModel, texts: readonly string[]): readonly number[] {
  return texts.map((text) => model.tokenize(text).length);
}

function describeFailure(error: unknown): { readonly failure: WorkerFailure; readonly said: string } {
  const said = error instanceof Error ? error.message : String(error);
  if (error instanceof WorkerError) return { failure: error.failure, said };
  const lacksMemory = error instanceof Error && (error.name === 'InsufficientMemoryError' || /memory/i.test(said));
  return { failure: lacksMemory ? 'out-of-memory' : 'failed', said };
}

function send(message: WorkerMessage): void {
  // False only says that the channel's buffer is full; the message is sent all the same.
  if (process.connected) process.send?.(message);
}
