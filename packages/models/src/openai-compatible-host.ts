import { createHash } from 'node:crypto';
import type { ChatRequest, HostModel, ModelHost, ModelPurpose, TokenUsage } from '@kumiki/node-sdk';
import OpenAI, { APIError } from 'openai';
import { z } from 'zod';
import { type HostAnswer, HostWords, parseJson, readEventData } from './host-answer.ts';
import { createHostConnection, normaliseAddress, usualSilence } from './host-connection.ts';
import { hostDown, hostFailed, hostRefused, modelUnknown, streamCut } from './host-errors.ts';
import { chooseServedAdapter, type ServedAdapters, servedAdaptersSchema } from './llama-server-adapters.ts';
import { nameHostFailure } from './name-host-failure.ts';
import { toUnitVector } from './unit-vector.ts';
import { createVllmAdapters, isVllmAdapter } from './vllm-adapters.ts';

export type OpenAiCompatibleHostOptions = {
  /** Such as `http://127.0.0.1:8080`, with or without `/v1` behind it. */
  readonly address: string;
  readonly apiKey?: string;
  /** How long it may say nothing to what is no chat; ten minutes unless said. */
  readonly silentMilliseconds?: number;
};

const batchTexts = 32;
/** The caller's signal and the connection are the deadline; the client insists on one of its own. */
const noDeadline = 2 ** 31 - 1;

const modelsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.string().optional(),
      /** vLLM */
      max_model_len: z.number().nullish(),
      /** llama-server */
      meta: z
        .object({ n_ctx: z.number(), n_ctx_train: z.number(), size: z.number(), ftype: z.string() })
        .partial()
        .nullish(),
    }),
  ),
});
type ListedModel = z.infer<typeof modelsSchema>['data'][number];

const propertiesSchema = z.object({ chat_template: z.string().optional() });
/** A piece of an answer, or the error that took its place. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number().default(0) }).nullish(),
  error: z.union([z.string(), z.object({ message: z.string().optional() })]).nullish(),
});
type Chunk = z.infer<typeof chunkSchema>;
const finalMark = '[DONE]';

const tokensSchema = z.object({ tokens: z.array(z.unknown()) });

/**
 * Any server with OpenAI's routes: llama-server, vLLM, LM Studio. None of them tells a digest of what it really loaded (a
 * path is not one), so its models are unpinned. What llama-server and vLLM tell beyond those routes is used where it is
 * there.
 */
export function createOpenAiCompatibleHost(options: OpenAiCompatibleHostOptions): ModelHost {
  const address = normaliseAddress(options.address, /\/v1$/);
  const host = `OpenAI-compatible (${new URL(address).host})`;
  const connection = createHostConnection(options.silentMilliseconds ?? usualSilence);
  /** Names that the host has listed. Some answer to any name by the one model that they have. */
  const known = new Map<string, ListedModel>();
  const probed = new Map<string, { readonly purposes: readonly ModelPurpose[]; readonly dimensions: number | null }>();

  const authorization = `Bearer ${options.apiKey ?? 'none'}`;
  const chatUrl = new URL(`${address}/v1/chat/completions`);

  const clientSoon = (signal: AbortSignal): OpenAI =>
    new OpenAI({
      baseURL: `${address}/v1`,
      apiKey: options.apiKey ?? 'none',
      maxRetries: 0,
      timeout: noDeadline,
      fetch: connection.fetchSoon(signal),
    });

  const nameError = (
    error: unknown,
    signal: AbortSignal,
    about: { model: string | null; purpose: 'chat' | 'embedding'; started?: boolean },
  ): unknown => {
    if (signal.aborted) return signal.reason;
    const hasStatus = error instanceof HostWords || error instanceof APIError;
    const status = hasStatus && typeof error.status === 'number' ? error.status : null;
    const said = error instanceof Error ? error.message : String(error);
    const { model, purpose, started = false } = about;
    return nameHostFailure({ host, model, purpose, status, said, cause: error, started });
  };

  /** A route beside OpenAI's. */
  const callOwn = async (path: string, body: object | null, signal: AbortSignal) => {
    try {
      const response = await connection.fetchSoon(signal)(`${address}${path}`, {
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== null && { method: 'POST', body: JSON.stringify(body) }),
      });
      const { status } = response;
      const said = await response.text();
      if (status === 401 || status === 403) throw hostRefused(host);
      return { status, said };
    } catch (error) {
      throw nameError(error, signal, { model: null, purpose: 'chat' });
    }
  };

  /** Null where the host does not know the route, or means something else by it. */
  const fetchOwn = async <Answer>(
    path: string,
    body: object | null,
    schema: z.ZodType<Answer>,
    signal: AbortSignal,
  ): Promise<Answer | null> => {
    const { status, said } = await callOwn(path, body, signal);
    const answer = status === 200 ? schema.safeParse(parseJson(said)) : null;
    return answer?.success ? answer.data : null;
  };

  const closed = new AbortController();
  const vllm = createVllmAdapters({ host, post: callOwn, closed: closed.signal });
  let served: ServedAdapters | null = null;
  connection.onDisconnect(() => {
    served = null;
  });

  /** What a chat says besides, so that the adapter that was asked for answers it, or none. */
  const chooseAdapter = async (
    listed: ListedModel,
    { model, adapter }: ChatRequest,
    signal: AbortSignal,
  ): Promise<object> => {
    if (isLlamaServer(listed)) {
      served ??= (await fetchOwn('/lora-adapters', null, servedAdaptersSchema, signal)) ?? [];
      return chooseServedAdapter(served, { host, model, adapter }, signal);
    }
    return adapter === undefined ? {} : { model: await vllm.load(model, adapter, signal) };
  };

  const askChat = async (
    listed: ListedModel,
    request: ChatRequest,
    signal: AbortSignal,
    mayBeLost = true,
  ): Promise<HostAnswer> => {
    const { model, adapter } = request;
    const body = { ...describeChat(request), ...(await chooseAdapter(listed, request, signal)) };
    try {
      return await connection.ask(
        { url: chatUrl, headers: { authorization, accept: 'text/event-stream' }, body },
        signal,
      );
    } catch (error) {
      // A server that was started anew has lost what it had loaded.
      const isLost = mayBeLost && error instanceof HostWords && error.status === 404 && adapter !== undefined;
      if (isLost && vllm.forget(adapter)) return askChat(listed, request, signal, false);
      throw nameError(error, signal, { model, purpose: 'chat' });
    }
  };

  const fetchModels = async (signal: AbortSignal): Promise<readonly ListedModel[]> => {
    try {
      const page = await clientSoon(signal).models.list();
      const models = modelsSchema.safeParse({ data: page.data });
      if (!models.success) throw hostFailed(host, null, 'It does not answer like an OpenAI-compatible server.');
      const chosen = models.data.data.filter(({ id }) => !isVllmAdapter(id));
      for (const model of chosen) known.set(model.id, model);
      return chosen;
    } catch (error) {
      throw nameError(error, signal, { model: null, purpose: 'chat' });
    }
  };

  /** llama-server answers to any name; a mistyped one must not pass for another model. */
  const requireKnown = async (model: string, signal: AbortSignal): Promise<ListedModel> => {
    const before = known.get(model);
    if (before !== undefined) return before;
    const listed = (await fetchModels(signal)).find(({ id }) => id === model);
    if (listed === undefined) throw modelUnknown(host, model);
    return listed;
  };

  const embedBatch = async (model: string, texts: readonly string[], signal: AbortSignal) => {
    try {
      const answer = await clientSoon(signal).embeddings.create({
        model,
        input: [...texts],
        encoding_format: 'float',
      });
      // The client hands on whatever came with a good status.
      if (!holdsVectors(answer.data)) throw hostFailed(host, model, 'What came holds no vectors.');
      const sorted = answer.data.toSorted((one, other) => one.index - other.index);
      if (sorted.length !== texts.length) {
        throw hostFailed(host, model, `${sorted.length} vectors came for ${texts.length} texts.`);
      }
      return {
        vectors: sorted.map(({ embedding }) => toUnitVector(embedding, host, model)),
        tokens: answer.usage?.prompt_tokens ?? 0,
      };
    } catch (error) {
      throw nameError(error, signal, { model, purpose: 'embedding' });
    }
  };

  /** No route tells what a model is for, so one word is embedded: what can do that is an embedding model. */
  const probe = async (model: string, signal: AbortSignal) => {
    const before = probed.get(model);
    if (before !== undefined) return before;
    let found: { purposes: readonly ModelPurpose[]; dimensions: number | null };
    try {
      const { vectors } = await embedBatch(model, ['a'], signal);
      found = { purposes: ['embedding'], dimensions: vectors[0]?.length ?? null };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code !== 'model-purpose' && code !== 'model-host-failed' && code !== 'model-unknown') throw error;
      found = { purposes: ['chat'], dimensions: null };
    }
    probed.set(model, found);
    return found;
  };

  const describe = async (listed: ListedModel, mayProbe: boolean, signal: AbortSignal): Promise<HostModel> => {
    const found = mayProbe ? await probe(listed.id, signal) : probed.get(listed.id);
    const properties = isLlamaServer(listed) ? await fetchOwn('/props', null, propertiesSchema, signal) : null;
    const purposes = found?.purposes ?? ['chat', 'embedding'];
    return {
      name: listed.id,
      purposes,
      digest: null,
      bytes: listed.meta?.size ?? null,
      contextLength: listed.max_model_len ?? listed.meta?.n_ctx ?? listed.meta?.n_ctx_train ?? null,
      dimensions: found?.dimensions ?? null,
      template:
        purposes.includes('chat') && properties?.chat_template !== undefined
          ? `sha256:${createHash('sha256').update(properties.chat_template).digest('hex')}`
          : null,
      quantisation: listed.meta?.ftype ?? null,
      licence: null,
    };
  };

  return {
    kind: 'openai-compatible',
    async list(signal) {
      const models = await fetchModels(signal);
      // llama-server has its one model loaded anyway; elsewhere a word to each model would load them all.
      return Promise.all(models.map((model) => describe(model, isLlamaServer(model), signal)));
    },
    async inspect(name, signal) {
      const models = await fetchModels(signal);
      const listed = models.find(({ id }) => id === name);
      if (listed === undefined) throw modelUnknown(host, name);
      return describe(listed, true, signal);
    },
    async *chat(request, signal) {
      const listed = await requireKnown(request.model, signal);
      const answer = await askChat(listed, request, signal);
      let hasSaidAll = false;
      let reason: 'stop' | 'length' | null = null;
      let usage: TokenUsage = { promptTokens: 0, completionTokens: 0 };
      try {
        for await (const data of readEventData(answer.pieces)) {
          if (data === finalMark) {
            hasSaidAll = true;
            break;
          }
          const chunk = readChunk(data);
          const [choice] = chunk.choices;
          const text = choice?.delta?.content ?? '';
          if (text !== '') yield { type: 'delta', text };
          if (choice?.finish_reason) reason = choice.finish_reason === 'length' ? 'length' : 'stop';
          if (chunk.usage) {
            usage = { promptTokens: chunk.usage.prompt_tokens, completionTokens: chunk.usage.completion_tokens };
          }
        }
        if (reason === null) throw streamCut(host, request.model);
        yield { type: 'end', reason, usage };
      } catch (error) {
        throw nameError(error, signal, { model: request.model, purpose: 'chat', started: true });
      } finally {
        answer.end(hasSaidAll);
      }
    },
    async embed({ model, texts }, signal) {
      await requireKnown(model, signal);
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (let start = 0; start < texts.length; start += batchTexts) {
        const answer = await embedBatch(model, texts.slice(start, start + batchTexts), signal);
        vectors.push(...answer.vectors);
        tokens += answer.tokens;
      }
      return { vectors, tokens };
    },
    async countTokens(model, texts, signal) {
      await requireKnown(model, signal);
      const counts: number[] = [];
      for (const text of texts) {
        // The first three are llama-server's names, the others vLLM's; each passes over the other's.
        const body = { content: text, add_special: false, parse_special: false, model, prompt: text };
        const answer = await fetchOwn('/tokenize', { ...body, add_special_tokens: false }, tokensSchema, signal);
        if (answer === null) return null;
        counts.push(answer.tokens.length);
      }
      return counts;
    },
    unload: (signal) => vllm.unloadAll(signal),
    async close() {
      closed.abort(hostDown(host));
      await connection.close();
    },
  };
}

function isLlamaServer({ owned_by }: ListedModel): boolean {
  return owned_by === 'llamacpp';
}

function describeChat(request: ChatRequest) {
  return {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true as const,
    stream_options: { include_usage: true },
    max_tokens: request.maximumTokens,
    temperature: request.temperature,
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop !== undefined && request.stop.length > 0 && { stop: [...request.stop] }),
    ...(request.responseSchema !== undefined && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: {
          name: 'answer',
          strict: true,
          schema: z.record(z.string(), z.json()).parse(request.responseSchema),
        },
      },
    }),
  };
}

function readChunk(data: string): Chunk {
  const chunk = chunkSchema.parse(JSON.parse(data));
  if (chunk.error == null) return chunk;
  throw new HostWords(typeof chunk.error === 'string' ? chunk.error : (chunk.error.message ?? data), null);
}

/** Of an answer, whatever its types promise. Numbers within are left alone: there are thousands of them. */
function holdsVectors(data: unknown): boolean {
  return Array.isArray(data) && data.every((entry) => Array.isArray(entry?.embedding));
}
