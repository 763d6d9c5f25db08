import { createHash } from 'node:crypto';
import type { ChatRequest, HostModel, KumikiError, ModelHost, ModelPurpose } from '@kumiki/node-sdk';
import { Ollama } from 'ollama';
import { z } from 'zod';
import { type HostAnswer, HostWords, readLines } from './host-answer.ts';
import { createHostConnection, normaliseAddress, usualSilence } from './host-connection.ts';
import { hostDown, hostFailed, modelUnknown, streamCut } from './host-errors.ts';
import { nameHostFailure } from './name-host-failure.ts';
import { createOllamaAdapters, isTunedModel } from './ollama-adapters.ts';
import { toUnitVector } from './unit-vector.ts';

export type OllamaHostOptions = {
  /** Such as `http://127.0.0.1:11434`. */
  readonly address: string;
  /** How long it may say nothing to what is no chat; ten minutes unless said. */
  readonly silentMilliseconds?: number;
};

/** Always sent: Ollama's own default depends on the memory of its graphics card. */
const defaultContextLength = 4096;
/** Embedding models of a longer context get this much of it: memory for the whole is more than texts ever need. */
const embeddingContextLimit = 8192;

/**
 * Texts of one request to `/api/embed`. Some versions cut what exceeds 2,048 tokens of a batch and say nothing, so a batch
 * stays below that also where every character is a token.
 */
const batchCharacters = 1800;
const batchTexts = 32;
const silentLimit = 2048;

const tagsSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      digest: z.string(),
      size: z.number(),
      details: z.object({ quantization_level: z.string().optional() }),
    }),
  ),
});
type TaggedModel = z.infer<typeof tagsSchema>['models'][number];

const runningSchema = z.object({
  models: z.array(z.object({ name: z.string(), size: z.number(), size_vram: z.number().default(0) })),
});

const showSchema = z.object({
  template: z.string().optional(),
  license: z.string().optional(),
  capabilities: z.array(z.string()).optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});
type Shown = z.infer<typeof showSchema>;

/** A piece of an answer, or the error that took its place. */
const partSchema = z.object({
  error: z.string().optional(),
  message: z.object({ content: z.string().default('') }).optional(),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().default(0),
  eval_count: z.number().default(0),
});

/** A running Ollama. Its digests are those of its manifests: weights, template and parameters together. */
export function createOllamaHost(options: OllamaHostOptions): ModelHost {
  const address = normaliseAddress(options.address, /\/(api|v1)$/);
  const host = `Ollama (${new URL(address).host})`;
  const connection = createHostConnection(options.silentMilliseconds ?? usualSilence);
  /** What `/api/show` said, by digest: it cannot change under it. */
  const shown = new Map<string, Shown>();
  const embeddingContexts = new Map<string, number>();

  const chatUrl = new URL(`${address}/api/chat`);
  const closed = new AbortController();

  const clientSoon = (signal: AbortSignal): Ollama =>
    new Ollama({ host: address, fetch: connection.fetchSoon(signal) });

  const nameError = (
    error: unknown,
    signal: AbortSignal,
    about: { model: string | null; purpose: 'chat' | 'embedding'; started?: boolean },
  ): unknown => {
    if (signal.aborted) return signal.reason;
    const { status, said } = readError(error);
    const { model, purpose, started = false } = about;
    return nameHostFailure({ host, model, purpose, status, said, cause: error, started });
  };

  const adapters = createOllamaAdapters({
    address,
    fetchIt: connection.fetchSoon(closed.signal),
    closed: closed.signal,
    nameError: (error, model) => nameError(error, closed.signal, { model, purpose: 'chat' }),
  });

  const fetchTags = async (signal: AbortSignal): Promise<readonly TaggedModel[]> => {
    try {
      const answer = tagsSchema.safeParse(await clientSoon(signal).list());
      if (!answer.success) throw notOllama(host, answer.error);
      return answer.data.models;
    } catch (error) {
      throw nameError(error, signal, { model: null, purpose: 'chat' });
    }
  };

  const describe = async (tagged: TaggedModel, signal: AbortSignal): Promise<HostModel> => {
    let details = shown.get(tagged.digest);
    if (details === undefined) {
      try {
        details = showSchema.parse(await clientSoon(signal).show({ model: tagged.name }));
      } catch (error) {
        throw nameError(error, signal, { model: tagged.name, purpose: 'chat' });
      }
      shown.set(tagged.digest, details);
    }
    return describeModel(tagged, details);
  };

  const findTagged = (tags: readonly TaggedModel[], name: string): TaggedModel => {
    const tagged = tags.find((tag) => tag.name === name || tag.name === `${name}:latest`);
    if (tagged === undefined) throw modelUnknown(host, name);
    return tagged;
  };

  const inspect = async (name: string, signal: AbortSignal): Promise<HostModel> => {
    const tagged = findTagged(await fetchTags(signal), name);
    return { ...(await describe(tagged, signal)), name };
  };

  /** The name that answers: of the model itself, or of it and its adapter in one. */
  const findAnswering = async ({ model, adapter }: ChatRequest, signal: AbortSignal): Promise<string> => {
    if (adapter === undefined) return model;
    const tags = await fetchTags(signal);
    const { name, digest, details } = findTagged(tags, model);
    const base = { name, digest, quantisation: details.quantization_level ?? null };
    return adapters.ensure(base, adapter, { names: tags.map((tag) => tag.name) }, signal);
  };

  const askChat = async (request: ChatRequest, signal: AbortSignal): Promise<HostAnswer> => {
    const name = await findAnswering(request, signal);
    try {
      return await connection.ask({ url: chatUrl, headers: {}, body: describeChat(request, name) }, signal);
    } catch (error) {
      throw nameError(error, signal, { model: request.model, purpose: 'chat' });
    }
  };

  const fetchRunning = async (signal: AbortSignal) => {
    try {
      const answer = runningSchema.safeParse(await clientSoon(signal).ps());
      if (!answer.success) throw notOllama(host, answer.error);
      return answer.data.models;
    } catch (error) {
      throw nameError(error, signal, { model: null, purpose: 'chat' });
    }
  };

  const findEmbeddingContext = async (model: string, signal: AbortSignal): Promise<number> => {
    const known = embeddingContexts.get(model);
    if (known !== undefined) return known;
    const { contextLength } = await inspect(model, signal);
    const allotted = Math.min(contextLength ?? silentLimit, embeddingContextLimit);
    embeddingContexts.set(model, allotted);
    return allotted;
  };

  const embedBatch = async (model: string, texts: readonly string[], signal: AbortSignal) => {
    try {
      const options = { num_ctx: await findEmbeddingContext(model, signal) };
      const answer = await clientSoon(signal).embed({ model, input: [...texts], truncate: false, options });
      const counted = answer.prompt_eval_count ?? 0;
      if (answer.embeddings.length !== texts.length) {
        throw hostFailed(host, model, `${answer.embeddings.length} vectors came for ${texts.length} texts.`);
      }
      return { vectors: answer.embeddings.map((vector) => toUnitVector(vector, host, model)), tokens: counted };
    } catch (error) {
      throw nameError(error, signal, { model, purpose: 'embedding' });
    }
  };

  return {
    kind: 'ollama',
    async list(signal) {
      const tags = (await fetchTags(signal)).filter(({ name }) => !isTunedModel(name));
      return Promise.all(tags.map((tagged) => describe(tagged, signal)));
    },
    inspect,
    async *chat(request, signal) {
      const answer = await askChat(request, signal);
      let hasSaidAll = false;
      try {
        for await (const line of readLines(answer.pieces)) {
          const part = partSchema.parse(JSON.parse(line));
          if (part.error !== undefined) throw new HostWords(part.error, null);
          const text = part.message?.content ?? '';
          if (text !== '') yield { type: 'delta', text };
          if (part.done) {
            hasSaidAll = true;
            yield {
              type: 'end',
              reason: part.done_reason === 'length' ? 'length' : 'stop',
              usage: { promptTokens: part.prompt_eval_count, completionTokens: part.eval_count },
            };
            return;
          }
        }
        throw streamCut(host, request.model);
      } catch (error) {
        throw nameError(error, signal, { model: request.model, purpose: 'chat', started: true });
      } finally {
        answer.end(hasSaidAll);
      }
    },
    async embed({ model, texts }, signal) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (const batch of splitBatches(texts)) {
        let answer = await embedBatch(model, batch, signal);
        if (answer.tokens >= silentLimit && batch.length > 1) {
          const single = [];
          for (const text of batch) single.push(await embedBatch(model, [text], signal));
          answer = {
            vectors: single.flatMap((one) => one.vectors),
            tokens: single.reduce((sum, one) => sum + one.tokens, 0),
          };
        }
        vectors.push(...answer.vectors);
        tokens += answer.tokens;
      }
      return { vectors, tokens };
    },
    async countTokens() {
      return null;
    },
    async loaded(signal) {
      const running = await fetchRunning(signal);
      const deviceMemory = running.reduce((sum, model) => sum + model.size_vram, 0);
      const told = running.reduce((sum, { size }) => sum + size, 0) - deviceMemory;
      const untold = running.filter(({ size }) => size === 0);
      if (untold.length === 0) return { memory: told, deviceMemory };
      // It reads sizes out of its runner's log, and tells 0 where that claims a device that is not there (v0.34.1,
      // llama-server with an RPC back end on a processor). The file is the least that a loaded model takes.
      const bytes = new Map((await fetchTags(signal)).map(({ name, size }) => [name, size]));
      return { memory: untold.reduce((sum, { name }) => sum + (bytes.get(name) ?? 0), told), deviceMemory };
    },
    async unload(signal) {
      for (const { name } of await fetchRunning(signal)) {
        try {
          await clientSoon(signal).generate({ model: name, prompt: '', keep_alive: 0, stream: false });
        } catch (error) {
          throw nameError(error, signal, { model: name, purpose: 'chat' });
        }
      }
    },
    async dropAdapter(adapter, signal) {
      const names = (await fetchTags(signal)).map(({ name }) => name);
      for (const model of adapters.findMade(adapter, names)) {
        try {
          await clientSoon(signal).delete({ model });
        } catch (error) {
          throw nameError(error, signal, { model, purpose: 'chat' });
        }
      }
    },
    async close() {
      closed.abort(hostDown(host));
      await connection.close();
    },
  };
}

function describeChat(request: ChatRequest, model: string) {
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    // Thought counts as generated text and would use up what the answer may take.
    think: false,
    // Without these two, what does not fit is dropped from the front in silence.
    truncate: false,
    shift: false,
    ...(request.responseSchema !== undefined && {
      format: z.record(z.string(), z.json()).parse(request.responseSchema),
    }),
    options: {
      num_ctx: request.contextLength ?? defaultContextLength,
      num_predict: request.maximumTokens,
      temperature: request.temperature,
      ...(request.topP !== undefined && { top_p: request.topP }),
      ...(request.seed !== undefined && { seed: request.seed }),
      ...(request.stop !== undefined && { stop: [...request.stop] }),
    },
  };
}

const purposesByCapability: ReadonlyMap<string, ModelPurpose> = new Map([
  ['completion', 'chat'],
  ['embedding', 'embedding'],
]);

function describeModel(
  tagged: TaggedModel,
  { capabilities, model_info: info = {}, template, license }: Shown,
): HostModel {
  const architecture = info['general.architecture'];
  const told = (key: string): number | null => {
    const value = info[`${architecture}.${key}`];
    return typeof value === 'number' ? value : null;
  };
  // Versions before 0.6 tell no capabilities; what makes embeddings has a pooling type.
  const abilities = capabilities ?? [told('pooling_type') === null ? 'completion' : 'embedding'];
  const purposes = abilities.flatMap((capability) => purposesByCapability.get(capability) ?? []);
  return {
    name: tagged.name,
    purposes,
    digest: `sha256:${tagged.digest.replace(/^sha256:/, '')}`,
    bytes: tagged.size,
    contextLength: told('context_length'),
    dimensions: purposes.includes('embedding') ? told('embedding_length') : null,
    template:
      purposes.includes('chat') && template !== undefined
        ? `sha256:${createHash('sha256').update(template).digest('hex')}`
        : null,
    quantisation: tagged.details.quantization_level ?? null,
    licence: readLicence(info['general.license'], license),
  };
}

function readLicence(told: unknown, text: string | undefined): string | null {
  if (typeof told === 'string') return told;
  const [firstLine] = (text ?? '').trim().split('\n');
  return firstLine === undefined || firstLine === '' ? null : firstLine.trim().slice(0, 80);
}

function readError(error: unknown): { readonly status: number | null; readonly said: string } {
  if (!(error instanceof Error)) return { status: null, said: String(error) };
  if (error instanceof HostWords) return { status: error.status, said: error.message };
  const hasStatus = 'status_code' in error && typeof error.status_code === 'number';
  return { status: hasStatus ? Number(error.status_code) : null, said: error.message };
}

function notOllama(host: string, cause: unknown): KumikiError {
  return hostFailed(host, null, 'It does not answer like Ollama.', cause);
}

function* splitBatches(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const text of texts) {
    if (batch.length > 0 && (batch.length >= batchTexts || characters + text.length > batchCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(text);
    characters += text.length;
  }
  if (batch.length > 0) yield batch;
}
