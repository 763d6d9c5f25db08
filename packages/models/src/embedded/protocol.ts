import type { ChatRequest, TokenUsage } from '@kumiki/node-sdk';

/** What the process needs to know at its start: its only parameters, as one JSON text. */
export type WorkerStart = {
  /** File URL of the entry of node-llama-cpp in the runtime's folder. */
  readonly runtime: string;
  readonly modelFile: string;
  readonly chatThreads: number;
  /** Embedding contexts of one thread each. */
  readonly embeddingLanes: number;
  /** After so long without work the contexts are disposed; the weights stay. */
  readonly idleMilliseconds: number;
};

/** A GGUF LoRA, and what it is known by. */
export type AdapterFile = { readonly digest: string; readonly file: string };

/** Host → process. Every call has an id of its own; `abort` names the call that is to end. */
export type WorkerCall =
  | { readonly id: number; readonly type: 'embed'; readonly texts: readonly string[] }
  | { readonly id: number; readonly type: 'count'; readonly texts: readonly string[] }
  | {
      readonly id: number;
      readonly type: 'chat';
      readonly request: Omit<ChatRequest, 'adapter'>;
      readonly adapter: AdapterFile | null;
    }
  | { readonly id: number; readonly type: 'measure' }
  | { readonly id: number; readonly type: 'abort' };

export type LoadedModel = {
  readonly contextLength: number;
  readonly dimensions: number;
};

/** Why a call failed, as far as the process can tell; the host puts names and advice to it. */
export type WorkerFailure = 'adapter' | 'input-too-long' | 'out-of-memory' | 'purpose' | 'busy' | 'failed';

export type WorkerResults = {
  /** All vectors behind one another, sent as binary. */
  readonly embed: { readonly vectors: Float32Array; readonly tokens: number };
  readonly count: { readonly tokens: readonly number[] };
  /** Bytes of memory that the process takes by now, and seconds that its threads worked since it began. */
  readonly measure: { readonly bytes: number; readonly processorSeconds: number };
  readonly chat: { readonly reason: 'stop' | 'length'; readonly usage: TokenUsage };
};

/** Process → host. `ready` or a failed start comes first; each call ends in exactly one `result` or `failure`. */
export type WorkerMessage =
  | { readonly type: 'ready'; readonly model: LoadedModel }
  | { readonly type: 'start-failure'; readonly failure: WorkerFailure; readonly said: string }
  | { readonly id: number; readonly type: 'delta'; readonly text: string }
  | { readonly id: number; readonly type: 'result'; readonly result: WorkerResults[keyof WorkerResults] }
  | { readonly id: number; readonly type: 'failure'; readonly failure: WorkerFailure; readonly said: string };

/** An error whose kind the host can name. */
export class WorkerError extends Error {
  readonly failure: WorkerFailure;

  constructor(failure: WorkerFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
