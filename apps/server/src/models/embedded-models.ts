import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueEntry, ModelProgress } from '@kumiki/models';
import { type HostModel, KumikiError, type ModelHost } from '@kumiki/node-sdk';

/** Loaded when a model is first asked for: a start waits for none of it. */
const loadModels = () => import('@kumiki/models');

/** A flow that names no model in particular gets the best chat model that this machine has or can fetch. */
export const defaultModel = 'default';

type Fetch = { readonly done: Promise<unknown>; readonly listeners: Set<(progress: ModelProgress) => void> };

/** The embedded host as everybody else sees it. */
export type EmbeddedHost = Pick<
  EmbeddedModels,
  'close' | 'fetch' | 'fetchUsual' | 'findModelFile' | 'host' | 'isFetching' | 'listCatalogue' | 'modelFile'
>;

/** The catalogue's models on this machine: what is there, what is being fetched, and the host that runs them. */
export class EmbeddedModels {
  readonly #cacheFolder: string;
  readonly #modelsFolder: string;
  readonly #fetches = new Map<string, Fetch>();
  readonly #ensured = new Set<string>();
  readonly #closing = new AbortController();
  #runtime: Promise<string> | null = null;
  #host: Promise<ModelHost> | null = null;

  constructor(cacheFolder: string) {
    this.#cacheFolder = cacheFolder;
    this.#modelsFolder = join(cacheFolder, 'models');
  }

  isFetching(name: string): boolean {
    return this.#fetches.has(name);
  }

  async listCatalogue(): Promise<readonly CatalogueEntry[]> {
    return (await loadModels()).catalogue;
  }

  /**
   * Makes sure that a model of the catalogue and what runs it are there. One fetch serves all who ask; it goes on when
   * they leave. Throws `model-unknown`, `model-unavailable`, `llama-runtime-unavailable`.
   */
  async fetch(name: string, onProgress: (progress: ModelProgress) => void, signal: AbortSignal): Promise<void> {
    if (this.#ensured.has(name)) return;
    let fetching = this.#fetches.get(name);
    if (fetching === undefined) {
      const listeners = new Set<(progress: ModelProgress) => void>();
      const done = this.#fetchOnce(name, (progress) => {
        for (const listener of listeners) listener(progress);
      }).finally(() => this.#fetches.delete(name));
      fetching = { done, listeners };
      this.#fetches.set(name, fetching);
    }
    fetching.listeners.add(onProgress);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([fetching.done, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      fetching.listeners.delete(onProgress);
    }
  }

  async #fetchOnce(name: string, onProgress: (progress: ModelProgress) => void): Promise<void> {
    const { catalogue, ensureModel } = await loadModels();
    const entry = catalogue.find((candidate) => candidate.name === name);
    if (entry === undefined) throw refuseUnknown(name);
    const { signal } = this.#closing;
    await Promise.all([this.#ensureRuntime(), ensureModel(entry, { folder: this.#modelsFolder, onProgress, signal })]);
    this.#ensured.add(name);
  }

  /** Path of a model's file, fetched where it is missing. Throws `model-unknown`, `model-unavailable`. */
  async modelFile(name: string, onProgress: (progress: ModelProgress) => void, signal: AbortSignal): Promise<string> {
    const { catalogue, ensureModel } = await loadModels();
    const entry = catalogue.find((candidate) => candidate.name === name);
    if (entry === undefined) throw refuseUnknown(name);
    return ensureModel(entry, { folder: this.#modelsFolder, onProgress, signal });
  }

  /** Path of a model's file where it is here already, else null. Throws `model-unknown`. */
  async findModelFile(name: string): Promise<string | null> {
    const { catalogue, modelFilePath } = await loadModels();
    const entry = catalogue.find((candidate) => candidate.name === name);
    if (entry === undefined) throw refuseUnknown(name);
    const file = modelFilePath(entry, this.#modelsFolder);
    return existsSync(file) ? file : null;
  }

  /** What a first flow needs: the embedding model, and a chat model. Throws what `fetch` throws. */
  async fetchUsual(onProgress: (progress: ModelProgress) => void, signal: AbortSignal): Promise<void> {
    const { multilingualE5Small } = await loadModels();
    await this.fetch(multilingualE5Small.name, onProgress, signal);
    await this.#chooseDefault(signal, onProgress);
  }

  /**
   * The catalogue has its chat models best first: the first that is there, else the first that can be fetched. A build
   * records the model that was chosen, so a better one that arrives later changes no answers until the next build.
   */
  async #chooseDefault(signal: AbortSignal, onProgress: (progress: ModelProgress) => void = () => {}): Promise<string> {
    const { catalogue, modelFilePath } = await loadModels();
    const chatModels = catalogue.filter(({ purpose }) => purpose === 'chat');
    const present = chatModels.find((entry) => existsSync(modelFilePath(entry, this.#modelsFolder)));
    if (present !== undefined) return present.name;
    const refusals: unknown[] = [];
    for (const { name } of chatModels) {
      try {
        await this.fetch(name, onProgress, signal);
        return name;
      } catch (error) {
        if (!(error instanceof KumikiError) || error.code !== 'model-unavailable') throw error;
        refusals.push(error);
      }
    }
    throw refusals[0];
  }

  #ensureRuntime(): Promise<string> {
    this.#runtime ??= loadModels()
      .then(({ ensureLlamaRuntime }) =>
        ensureLlamaRuntime({ cacheFolder: this.#cacheFolder, signal: this.#closing.signal }),
      )
      .catch((error: unknown) => {
        this.#runtime = null;
        throw error;
      });
    return this.#runtime;
  }

  /** The embedded host; models that a flow names are fetched when they are first needed. */
  get host(): ModelHost {
    const ready = async (name: string, signal: AbortSignal): Promise<ModelHost> => {
      await this.fetch(name, () => {}, signal);
      return this.#openHost();
    };
    const list = async (signal: AbortSignal): Promise<readonly HostModel[]> => (await this.#openHost()).list(signal);
    return {
      kind: 'embedded',
      list,
      inspect: async (name, signal) => {
        const model = name === defaultModel ? await this.#chooseDefault(signal) : name;
        return (await ready(model, signal)).inspect(model, signal);
      },
      async *chat(request, signal) {
        yield* (await ready(request.model, signal)).chat(request, signal);
      },
      embed: async (request, signal) => (await ready(request.model, signal)).embed(request, signal),
      countTokens: async (name, texts, signal) => (await ready(name, signal)).countTokens(name, texts, signal),
      // A host that was never opened holds nothing.
      loaded: async (signal) => (await (await this.#host)?.loaded?.(signal)) ?? { memory: 0, deviceMemory: 0 },
      worked: async (signal) =>
        (await (await this.#host)?.worked?.(signal)) ?? { processorSeconds: 0, deviceSeconds: 0 },
      unload: async (signal) => (await this.#host)?.unload?.(signal),
      close: () => this.close(),
    };
  }

  #openHost(): Promise<ModelHost> {
    this.#host ??= loadModels().then(({ createEmbeddedHost, llamaRuntimeFolder }) =>
      createEmbeddedHost({
        runtimeFolder: llamaRuntimeFolder(this.#cacheFolder),
        modelsFolder: this.#modelsFolder,
      }),
    );
    return this.#host;
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException('Kumiki is stopping', 'AbortError'));
    await (await this.#host)?.close();
  }
}

function refuseUnknown(name: string): KumikiError {
  return new KumikiError({
    code: 'model-unknown',
    status: 404,
    message: {
      en: `The catalogue of embedded models has no “${name}”. Choose one that it lists, or add a model host.`,
      ja: `内蔵のモデルの一覧に「${name}」はありません。一覧から選ぶか、モデルホストを追加してください。`,
    },
  });
}
