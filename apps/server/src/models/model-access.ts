import {
  type AdapterValue,
  type ChatAdapter,
  type ChatEvent,
  type ChatModelValue,
  type EmbeddingModelValue,
  type HostModel,
  KumikiError,
  type ModelAccess,
  type ModelHost,
  type ModelReference,
} from '@kumiki/node-sdk';
import { type Database, findEmbeddings, keepEmbeddings, readTunedModel, withNamedErrors } from '@kumiki/store';
import { ExpiringCache } from '../access/expiring-cache.ts';

/** How long a host's word on a model's digest counts: long enough to cost nothing, too short to miss a change. */
const digestMilliseconds = 2_000;

type PinnedModel = ModelReference & { readonly template?: string | null };

export type ModelAccessOptions = {
  readonly workspace: string;
  readonly database: Database;
  readonly openHost: (workspace: string, id: string) => Promise<ModelHost>;
  readonly openAdapter: (adapter: AdapterValue) => ChatAdapter;
  readonly inspected: ExpiringCache<HostModel>;
  readonly signal: AbortSignal;
};

export function createInspectedModels(): ExpiringCache<HostModel> {
  return new ExpiringCache(500);
}

export function createModelAccess(options: ModelAccessOptions): ModelAccess {
  const { workspace, database, openAdapter, inspected, signal } = options;
  const openHost = (host: string) => withNamedErrors(() => options.openHost(workspace, host));

  async function inspect(host: string, name: string): Promise<HostModel> {
    const opened = await openHost(host);
    const model = await opened.inspect(name, signal);
    inspected.set(JSON.stringify([workspace, host, name]), model, digestMilliseconds);
    return model;
  }

  /** Whether it is known without asking the host that a model is the same. Throws `model-changed`. */
  function isKnownUnchanged(model: PinnedModel): boolean {
    if (model.digest === null) return true;
    const found = inspected.get(JSON.stringify([workspace, model.host, model.name]));
    if (found !== undefined) checkSame(model, found);
    return found !== undefined;
  }

  /** Throws `model-changed` where the host has other weights or another template under that name by now. */
  async function checkUnchanged(model: PinnedModel): Promise<void> {
    if (!isKnownUnchanged(model)) checkSame(model, await inspect(model.host, model.name));
  }

  /**
   * Asks a chat model while its host is still being asked whether it is the same, which is a way there and back before the
   * first word. Nothing of the answer is handed on until it is known; of another model, the answer is ended.
   */
  async function* chatUnlessChanged(
    model: ChatModelValue,
    ask: (signal: AbortSignal) => AsyncIterable<ChatEvent>,
  ): AsyncGenerator<ChatEvent> {
    const over = new AbortController();
    const events = ask(AbortSignal.any([signal, over.signal]))[Symbol.asyncIterator]();
    const first = events.next();
    // Where the model has changed, that is what there is to tell.
    first.catch(() => undefined);
    try {
      await checkUnchanged(model);
      for (let event = await first; !event.done; event = await events.next()) yield event.value;
    } finally {
      over.abort(new DOMException('Nobody reads the answer any more', 'AbortError'));
      events.return?.().catch(() => undefined);
    }
  }

  /** Throws `model-host-failed` where the vectors are not of the model's size: kept, they would be in the way for ever. */
  async function embedTexts(model: EmbeddingModelValue, texts: readonly string[]): Promise<readonly Float32Array[]> {
    if (texts.length === 0) return [];
    const host = await openHost(model.host);
    const { vectors } = await host.embed({ model: model.name, texts }, signal);
    // Whoever measures a model does not know its size yet, and says 0.
    const wrong = model.dimensions === 0 ? undefined : vectors.find(({ length }) => length !== model.dimensions);
    if (wrong !== undefined) throw refuseVector(model, wrong.length);
    return vectors;
  }

  /** Texts that are on their way to a model, so that calls at the same time do not send one twice. */
  const underWay = new Map<string, Promise<Float32Array>>();

  /** Looks texts up, embeds those that are not known, each once, and keeps their vectors. */
  async function embedDocuments(
    model: EmbeddingModelValue & { readonly digest: string },
    texts: readonly string[],
  ): Promise<readonly Float32Array[]> {
    const prefix = model.prefixes.document;
    const source = { workspace, model: model.digest, prefix };
    const nameText = (text: string) => JSON.stringify([model.digest, prefix, text]);
    const known = new Map(await withNamedErrors(() => findEmbeddings(database, source, texts)));
    const unknown = [...new Set(texts.filter((text) => !known.has(text)))];
    const others = Promise.all(
      unknown.map(async (text) => {
        const vector = await underWay.get(nameText(text));
        if (vector !== undefined) known.set(text, vector);
      }),
    );
    others.catch(() => undefined);
    const missing = unknown.filter((text) => !underWay.has(nameText(text)));
    const embedding = embedTexts(
      model,
      missing.map((text) => prefix + text),
    );
    for (const [index, text] of missing.entries()) {
      const vector = embedding.then((vectors) => vectors[index] ?? Promise.reject(new Error('a vector is missing')));
      vector.catch(() => undefined);
      underWay.set(nameText(text), vector);
    }
    try {
      const vectors = await embedding;
      const entries = missing.flatMap((text, index) => {
        const vector = vectors[index];
        return vector === undefined ? [] : [{ text, vector }];
      });
      await withNamedErrors(() => keepEmbeddings(database, source, entries));
      for (const { text, vector } of entries) known.set(text, vector);
    } finally {
      for (const text of missing) underWay.delete(nameText(text));
    }
    await others;
    return texts.flatMap((text) => known.get(text) ?? []);
  }

  return {
    inspect,
    findAdapter: async (reference) =>
      (await withNamedErrors(() => readTunedModel(database, { workspace, model: reference }))).adapter,
    async *chat(model, request) {
      const host = await openHost(model.host);
      const adapter = model.adapter === null ? {} : { adapter: openAdapter(model.adapter) };
      const asked = { ...request, model: model.name, ...adapter };
      if (isKnownUnchanged(model)) yield* host.chat(asked, signal);
      else yield* chatUnlessChanged(model, (until) => host.chat(asked, until));
    },
    async embed(model, texts, purpose) {
      if (purpose === 'query' || model.digest === null) {
        const prefix = model.prefixes[purpose];
        // At the same time, as with a chat.
        const vectors = embedTexts(
          model,
          texts.map((text) => prefix + text),
        );
        vectors.catch(() => undefined);
        await checkUnchanged(model);
        return vectors;
      }
      await checkUnchanged(model);
      return embedDocuments({ ...model, digest: model.digest }, texts);
    },
    async countTokens(model, texts) {
      const host = await openHost(model.host);
      return (await host.countTokens(model.name, texts, signal)) ?? texts.map(estimateTokens);
    },
  };
}

/** On the safe side for the usual tokenizers: a token for each Japanese character, one for three of other scripts. */
function estimateTokens(text: string): number {
  const japanese = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/gu)?.length ?? 0;
  return japanese + Math.ceil((text.length - japanese) / 3);
}

/** Throws `model-changed`. */
function checkSame(model: PinnedModel, found: HostModel): void {
  const hasOtherTemplate = model.template != null && found.template !== null && found.template !== model.template;
  if (found.digest !== model.digest || hasOtherTemplate) throw refuseChanged(model);
}

function refuseVector({ host, name, dimensions }: EmbeddingModelValue, length: number): KumikiError {
  return new KumikiError({
    code: 'model-host-failed',
    status: 502,
    message: {
      en: `“${host}” gave a vector of ${length} numbers, although the model “${name}” makes vectors of ${dimensions}. Look at the log of the host, and try again once it is well.`,
      ja: `「${host}」から ${length} 次元のベクトルが返されましたが、モデル「${name}」のベクトルは ${dimensions} 次元のはずです。ホストのログを確認し、正常に戻してからもう一度試してください。`,
    },
  });
}

function refuseChanged(model: ModelReference): KumikiError {
  return new KumikiError({
    code: 'model-changed',
    status: 409,
    message: {
      en: `The model “${model.name}” on “${model.host}” is no longer the one that this was built with. Build the flow again to answer with the new one, or bring the old one back.`,
      ja: `「${model.host}」のモデル「${model.name}」が、構築したときのものから変わっています。新しいモデルで回答するには、もう一度構築してください。元のモデルに戻すこともできます。`,
    },
  });
}
