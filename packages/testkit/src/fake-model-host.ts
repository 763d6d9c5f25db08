import {
  type ChatEvent,
  type ChatRequest,
  type EmbedRequest,
  type EmbedResult,
  type HostModel,
  KumikiError,
  type ModelHost,
} from '@kumiki/node-sdk';

export const fakeDimensions = 64;

/** A model that a fake host has, unless the test brings its own. */
const standardModels: readonly HostModel[] = [
  describeModel('fake-chat', 'chat'),
  describeModel('fake-embedding', 'embedding'),
];

type Operation = 'list' | 'inspect' | 'chat' | 'embed' | 'countTokens';

/**
 * A model host without models. Embeddings come from the characters alone: texts that share bigrams are near each other.
 * Chats give the scripted answers in turn, a word at a time; without a script they repeat the last message.
 */
export class FakeModelHost implements ModelHost {
  readonly kind = 'embedded';
  readonly calls: Record<Operation, number> = { list: 0, inspect: 0, chat: 0, embed: 0, countTokens: 0 };
  /** Every text that was embedded, in order. */
  readonly embeddedTexts: string[] = [];
  readonly chatRequests: ChatRequest[] = [];
  #models: readonly HostModel[];
  readonly #answers: string[] = [];
  readonly #failures: { readonly operation: Operation; readonly error: Error }[] = [];

  constructor(models: readonly HostModel[] = standardModels) {
    this.#models = models;
  }

  /** The next chats answer this, one after the other. */
  script(...answers: readonly string[]): this {
    this.#answers.push(...answers);
    return this;
  }

  /** The next call of this kind fails; several add up. */
  failNext(operation: Operation, error: Error = describeOutage()): this {
    this.#failures.push({ operation, error });
    return this;
  }

  /** As if somebody had pulled another model under the same name. */
  changeDigest(name: string, digest: string | null): void {
    this.#models = this.#models.map((model) => (model.name === name ? { ...model, digest } : model));
  }

  async list(signal: AbortSignal): Promise<readonly HostModel[]> {
    this.#begin('list', signal);
    return this.#models;
  }

  async inspect(name: string, signal: AbortSignal): Promise<HostModel> {
    this.#begin('inspect', signal);
    const model = this.#models.find((candidate) => candidate.name === name);
    if (model !== undefined) return model;
    throw new KumikiError({
      code: 'model-unknown',
      message: {
        en: `The fake host has no model "${name}".`,
        ja: `模擬ホストに「${name}」というモデルはありません。`,
      },
      status: 422,
    });
  }

  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent, undefined, undefined> {
    this.#begin('chat', signal);
    this.chatRequests.push(request);
    const answer = this.#answers.shift() ?? request.messages.at(-1)?.content ?? '';
    const pieces = answer.match(/\S+\s*|\s+/gu) ?? [];
    for (const text of pieces) {
      signal.throwIfAborted();
      yield { type: 'delta', text };
    }
    const promptTokens = request.messages.reduce((sum, { content }) => sum + countCharacters(content), 0);
    yield { type: 'end', reason: 'stop', usage: { promptTokens, completionTokens: countCharacters(answer) } };
  }

  async embed({ texts }: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    this.#begin('embed', signal);
    this.embeddedTexts.push(...texts);
    const tokens = texts.reduce((sum, text) => sum + countCharacters(text), 0);
    return { vectors: texts.map(embedText), tokens };
  }

  async countTokens(_model: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
    this.#begin('countTokens', signal);
    return texts.map(countCharacters);
  }

  async close(): Promise<void> {}

  #begin(operation: Operation, signal: AbortSignal): void {
    signal.throwIfAborted();
    this.calls[operation] += 1;
    const place = this.#failures.findIndex((failure) => failure.operation === operation);
    if (place < 0) return;
    const [failure] = this.#failures.splice(place, 1);
    if (failure !== undefined) throw failure.error;
  }
}

/** A vector of length 1 from a text's character bigrams: each counts at the place that its hash names. */
export function embedText(text: string): Float32Array {
  const vector = new Float32Array(fakeDimensions);
  const characters = ['^', ...text.normalize('NFKC').toLowerCase(), '$'];
  for (const [place, character] of characters.entries()) {
    const next = characters[place + 1];
    if (next === undefined) break;
    const slot = hashText(character + next) % fakeDimensions;
    vector[slot] = (vector[slot] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193) >>> 0;
  }
  return hash;
}

function countCharacters(text: string): number {
  return [...text].length;
}

function describeModel(name: string, purpose: 'chat' | 'embedding'): HostModel {
  return {
    name,
    purposes: [purpose],
    digest: `sha256:${name}`,
    bytes: 1_000,
    contextLength: 8_192,
    dimensions: purpose === 'embedding' ? fakeDimensions : null,
    template: null,
    quantisation: null,
    licence: null,
  };
}

function describeOutage(): KumikiError {
  return new KumikiError({
    code: 'model-host-down',
    message: { en: 'The fake host is down.', ja: '模擬ホストが停止しています。' },
    retryable: true,
    status: 503,
  });
}
