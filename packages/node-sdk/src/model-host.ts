import type { JsonValue } from '@kumiki/flow';
import type { ChatMessage } from './values.ts';

export type ModelPurpose = 'chat' | 'embedding' | 'rerank';

/** A model as its host describes it. What a host does not tell is null, never guessed. */
export type HostModel = {
  readonly name: string;
  readonly purposes: readonly ModelPurpose[];
  /** `sha256:…` of the weights; null makes the model unpinned. */
  readonly digest: string | null;
  readonly bytes: number | null;
  readonly contextLength: number | null;
  readonly dimensions: number | null;
  /** `sha256:…` of the chat template. */
  readonly template: string | null;
  readonly quantisation: string | null;
  readonly licence: string | null;
};

/**
 * A LoRA adapter of one request, in whatever form a host takes it. Its files are made when they are first asked for and lie
 * on this machine, unchanged for as long as anybody asks: the same digest is the same path and the same bytes.
 */
export type ChatAdapter = {
  /** `sha256:…` over configuration and weights: what a host keeps for one digest serves every request of it. */
  readonly digest: string;
  /** `sha256:…` of the weights that it was trained over. */
  readonly base: string;
  /**
   * Path of a GGUF LoRA, for llama.cpp. The file's own name holds at least the first 16 digits of the digest, and nothing
   * of this machine: a server that was started with it is known by that.
   */
  ggufFile(signal: AbortSignal): Promise<string>;
  /** Path of a whole GGUF model with the adapter merged into it, for hosts that take no adapters. */
  mergedFile(type: 'F16' | 'Q8_0', signal: AbortSignal): Promise<string>;
  /** Path of a PEFT folder, for vLLM. */
  peftFolder(signal: AbortSignal): Promise<string>;
};

export type ChatRequest = {
  /** The base, where there is an adapter. */
  readonly model: string;
  /** Left out, the base itself answers, also where the host holds adapters for others. */
  readonly adapter?: ChatAdapter;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number;
  readonly maximumTokens: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** Context to allot, in tokens; always sent to hosts whose default depends on the machine. */
  readonly contextLength?: number;
  /** JSON Schema that the answer must follow. */
  readonly responseSchema?: JsonValue;
};

export type TokenUsage = { readonly promptTokens: number; readonly completionTokens: number };

/** A chat is deltas and then exactly one `end`. A stream that stops without it is an error, `model-stream-cut`. */
export type ChatEvent =
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: TokenUsage };

/**
 * What models occupy by now, in bytes: of the machine's memory, and of its graphics cards. Where there is no card, some hosts
 * (Ollama) count the machine's memory as one.
 */
export type HeldMemory = { readonly memory: number; readonly deviceMemory: number };

/** Seconds that processors and GPUs worked, each counted by itself; null: not known. */
export type Work = { readonly processorSeconds: number | null; readonly deviceSeconds: number | null };

export type EmbedRequest = { readonly model: string; readonly texts: readonly string[] };

/** `vectors[i]` belongs to `texts[i]`, each of the model's dimensions and of length 1 (L2). */
export type EmbedResult = { readonly vectors: readonly Float32Array[]; readonly tokens: number };

/**
 * What runs models. All three implementations pass one conformance suite. Errors are KumikiErrors with these codes:
 * `model-unknown`, `model-host-down` (retryable), `model-out-of-memory`, `model-stream-cut` (retryable),
 * `model-host-busy` (queue full, retryable), `model-purpose` (asked to embed with a chat model), `model-input-too-long`,
 * `model-host-refused` (key missing or wrong), `adapter-not-served` (the host does not take this adapter; the message says
 * how it would), `model-host-failed` (anything else that the host said).
 * An aborted call rejects with the signal's reason.
 */
export interface ModelHost {
  readonly kind: 'ollama' | 'openai-compatible' | 'embedded';
  list(signal: AbortSignal): Promise<readonly HostModel[]>;
  /** Throws `model-unknown` where the host has none of that name. */
  inspect(name: string, signal: AbortSignal): Promise<HostModel>;
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;
  /** Tokens of each text without special tokens; null where the host cannot count. */
  countTokens(model: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[] | null>;
  /**
   * What its models worked since they were loaded, for anybody: it grows, and begins anew where a model's process does. Left
   * out by hosts that never can tell.
   */
  worked?(signal: AbortSignal): Promise<Work>;
  /** What its loaded models occupy; null where it cannot tell. Left out by hosts that never can. */
  loaded?(signal: AbortSignal): Promise<HeldMemory | null>;
  /**
   * Gives back what it can of the memory of idle models and adapters; the next request loads them again. Left out by hosts
   * that cannot.
   */
  unload?(signal: AbortSignal): Promise<void>;
  /**
   * Takes away what the host itself keeps of an adapter that nobody asks for any more. Left out by hosts that keep nothing
   * beyond their own end.
   */
  dropAdapter?(adapter: Pick<ChatAdapter, 'digest'>, signal: AbortSignal): Promise<void>;
  /** Frees what the host holds here (child processes, sockets); the host itself goes on. */
  close(): Promise<void>;
}
