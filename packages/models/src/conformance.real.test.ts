import { execFileSync } from 'node:child_process';
import type { ChatEvent, ChatRequest, ModelHost } from '@kumiki/node-sdk';
import { KumikiError } from '@kumiki/node-sdk';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { findFreePort, startLlamaServer, startOllama } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multilingualE5Small, smolLm2 } from './catalogue/catalogue.ts';
import { ensureModel } from './catalogue/ensure-model.ts';
import { createEmbeddedHost } from './embedded/embedded-host.ts';
import { ensureLlamaRuntime } from './embedded/ensure-llama-runtime.ts';
import { createOllamaHost } from './ollama-host.ts';
import { createOpenAiCompatibleHost } from './openai-compatible-host.ts';

/** What one kind of host is and tells; all else is the same for all. */
type Subject = {
  readonly chat: ModelHost;
  readonly embedding: ModelHost;
  /** Digest of the chat model, as a pattern; null where the host tells none. */
  readonly digest: RegExp | null;
  readonly countsTokens: boolean;
  readonly embedsAnyLength: boolean;
  /** A host for the chat model whose runner may be killed; whether it gets up again by itself. */
  startVictim(): Promise<Victim>;
  stop(): Promise<void>;
};

type Victim = { readonly host: ModelHost; kill(): void; readonly recovers: boolean; stop(): Promise<void> };

const apiKey = 'a key for the test';
/** SmolLM2 does not come to an end with it. */
const longPrompt = 'Write a very long story about a whale and a dog.';
const modelsFolder = cacheFolder('models');
const signal = new AbortController().signal;

async function startEmbedded(): Promise<Subject> {
  const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
  for (const entry of [smolLm2, multilingualE5Small]) await ensureModel(entry, { folder: modelsFolder });
  const host = createEmbeddedHost({ runtimeFolder, modelsFolder, chatThreads: 1, embeddingLanes: 2 });
  const kill = (): void => killChildren(process.pid, smolLm2.name);
  return {
    chat: host,
    embedding: host,
    digest: new RegExp(`^sha256:${smolLm2.sha256}$`),
    countsTokens: true,
    embedsAnyLength: true,
    startVictim: async () => ({ host, kill, recovers: true, stop: async () => undefined }),
    stop: () => host.close(),
  };
}

async function startRealOllama(): Promise<Subject> {
  const models = [];
  for (const entry of [smolLm2, multilingualE5Small]) {
    const file = await ensureModel(entry, { folder: modelsFolder });
    models.push({ name: entry.name, sha256: entry.sha256, file });
  }
  const server = await startOllama({ models });
  const host = createOllamaHost({ address: server.address });
  const kill = (): void => killChildren(server.pid, smolLm2.sha256);
  return {
    chat: host,
    embedding: host,
    digest: /^sha256:[0-9a-f]{64}$/,
    countsTokens: false,
    embedsAnyLength: false,
    startVictim: async () => ({ host, kill, recovers: true, stop: async () => undefined }),
    stop: async () => {
      await host.close();
      await server.stop();
    },
  };
}

async function startRealLlamaServers(): Promise<Subject> {
  const chatFile = await ensureModel(smolLm2, { folder: modelsFolder });
  const embeddingFile = await ensureModel(multilingualE5Small, { folder: modelsFolder });
  const startChat = () => startLlamaServer({ model: chatFile, name: smolLm2.name, apiKey });
  const chatServer = await startChat();
  const embeddingServer = await startLlamaServer({
    model: embeddingFile,
    name: multilingualE5Small.name,
    embeddings: true,
  });
  const chat = createOpenAiCompatibleHost({ address: chatServer.address, apiKey });
  const embedding = createOpenAiCompatibleHost({ address: `${embeddingServer.address}/v1/` });
  return {
    chat,
    embedding,
    digest: null,
    countsTokens: true,
    embedsAnyLength: false,
    startVictim: async () => {
      const server = await startChat();
      const host = createOpenAiCompatibleHost({ address: server.address, apiKey });
      return {
        host,
        kill: () => process.kill(server.pid, 'SIGKILL'),
        recovers: false,
        stop: async () => {
          await host.close();
          await server.stop();
        },
      };
    },
    stop: async () => {
      await Promise.all([chat.close(), embedding.close()]);
      await Promise.all([chatServer.stop(), embeddingServer.stop()]);
    },
  };
}

describe.each([
  ['embedded', startEmbedded],
  ['Ollama', startRealOllama],
  ['llama-server', startRealLlamaServers],
] as const)('a model host: %s', (_, start) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await start();
  });
  afterAll(() => subject?.stop());

  it('lists its models with what they are for', async () => {
    const chatModels = await subject.chat.list(signal);
    const embeddingModels = await subject.embedding.list(signal);
    expect(chatModels.find(({ name }) => name.startsWith(smolLm2.name))?.purposes).toEqual(['chat']);
    expect(embeddingModels.find(({ name }) => name.startsWith(multilingualE5Small.name))?.purposes).toEqual([
      'embedding',
    ]);
  });

  it('tells digest, context and template of a chat model, and null for what it does not know', async () => {
    const model = await subject.chat.inspect(smolLm2.name, signal);
    expect(model.name).toBe(smolLm2.name);
    expect(model.contextLength).toBeGreaterThan(0);
    expect(model.dimensions).toBeNull();
    expect(model.template).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(model.quantisation).toBe('Q4_1');
    if (subject.digest === null) expect(model.digest).toBeNull();
    else expect(model.digest).toMatch(subject.digest);
  });

  it('tells the dimensions of an embedding model', async () => {
    const model = await subject.embedding.inspect(multilingualE5Small.name, signal);
    expect(model).toMatchObject({ purposes: ['embedding'], dimensions: 384, contextLength: 512, template: null });
  });

  it('streams an answer as deltas and then exactly one end with usage', async () => {
    const events = await collect(subject.chat.chat(ask('Write about the sea.', { maximumTokens: 12 }), signal));
    const ends = events.filter((event) => event.type === 'end');
    expect(events.length).toBeGreaterThan(3);
    expect(ends).toEqual([events.at(-1)]);
    expect(ends[0]).toMatchObject({ reason: 'length', usage: { completionTokens: 12 } });
    expect(ends[0]?.usage.promptTokens).toBeGreaterThan(10);
  });

  it('gives the same answer for the same seed, and another for another', async () => {
    const request = (seed: number) => ask('Tell me a story.', { maximumTokens: 24, temperature: 1.2, seed });
    const [first, again, other] = [
      await write(subject.chat, request(1)),
      await write(subject.chat, request(1)),
      await write(subject.chat, request(2)),
    ];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('ends before a stop text', async () => {
    const request = ask('Write about the sea.', { maximumTokens: 24 });
    const whole = await write(subject.chat, request);
    const stop = whole.slice(20, 27);
    const events = await collect(subject.chat.chat({ ...request, stop: [stop] }, signal));
    expect(joinText(events)).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
  });

  it('follows a JSON schema', async () => {
    const responseSchema = {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 20 }, large: { type: 'boolean' } },
      required: ['city', 'large'],
      additionalProperties: false,
    };
    const answer = await write(subject.chat, ask('Name a city.', { maximumTokens: 80, responseSchema }));
    expect(JSON.parse(answer)).toEqual({ city: expect.any(String), large: expect.any(Boolean) });
  });

  it('stops writing when a call is aborted or its reader leaves, so that the next is not kept waiting', async () => {
    const long = ask(longPrompt, { maximumTokens: 1600 });
    const wholeStart = performance.now();
    const events = await collect(subject.chat.chat({ ...long, maximumTokens: 200 }, signal));
    const whole = performance.now() - wholeStart;
    expect(events.at(-1)).toMatchObject({ usage: { completionTokens: 200 } });

    const controller = new AbortController();
    const aborted = readUntil(subject.chat.chat(long, controller.signal), 3, () =>
      controller.abort(new Error('enough')),
    );
    const left = readUntil(subject.chat.chat(long, signal), 3, () => 'leave');
    await expect(aborted).rejects.toThrow('enough');
    await left;
    const nextStart = performance.now();
    await write(subject.chat, ask('Hi.', { maximumTokens: 1 }));
    // The two long answers would take eight times as long as the short one that was measured, each.
    expect(performance.now() - nextStart).toBeLessThan(whole);
  });

  it('tells what its models work, where it can', async () => {
    const { chat } = subject;
    if (chat.worked === undefined) return expect(chat.kind).not.toBe('embedded');
    await write(chat, ask('Hi.', { maximumTokens: 1 }));
    const before = await chat.worked(signal);
    await write(chat, ask('Tell me a story.', { maximumTokens: 16 }));
    const after = await chat.worked(signal);
    expect(after.processorSeconds).toBeGreaterThan(before.processorSeconds ?? 0);
  });

  it('rejects a call whose signal is aborted already with the reason of the signal', async () => {
    const gone = AbortSignal.abort(new Error('too late'));
    await expect(write(subject.chat, ask('Hi.'), gone)).rejects.toThrow('too late');
    const embedding = subject.embedding.embed({ model: multilingualE5Small.name, texts: ['a'] }, gone);
    await expect(embedding).rejects.toThrow('too late');
  });

  it('embeds in the order of the texts, at length 1, and not another way in a batch than alone', async () => {
    // Together more than 2,048 tokens, at which some versions of Ollama cut a batch.
    const texts = Array.from(
      { length: 40 },
      (_, index) => `passage: ${index} ${'組木は釘を使わない。'.repeat(1 + (index % 20))}`,
    );
    const { vectors, tokens } = await subject.embedding.embed({ model: multilingualE5Small.name, texts }, signal);
    expect(vectors).toHaveLength(texts.length);
    expect(tokens).toBeGreaterThanOrEqual(0);
    for (const vector of vectors) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector).toHaveLength(384);
      expect(multiply(vector, vector)).toBeCloseTo(1, 5);
    }
    for (const index of [0, 19, 39]) {
      const alone = await subject.embedding.embed(
        { model: multilingualE5Small.name, texts: texts.slice(index, index + 1) },
        signal,
      );
      expect(multiply(pick(alone.vectors, 0), pick(vectors, index))).toBeGreaterThan(0.999);
    }
  });

  it('puts a question nearer to its answer than to something else', async () => {
    const texts = [
      'query: 東京タワーの高さは？',
      'passage: 東京タワーは高さ333メートルである。',
      'passage: りんごは赤い。',
    ];
    const { vectors } = await subject.embedding.embed({ model: multilingualE5Small.name, texts }, signal);
    const [question, answer, other] = [pick(vectors, 0), pick(vectors, 1), pick(vectors, 2)];
    expect(multiply(question, answer)).toBeGreaterThan(multiply(question, other) + 0.1);
  });

  it('embeds nothing as nothing', async () => {
    const { vectors } = await subject.embedding.embed({ model: multilingualE5Small.name, texts: [] }, signal);
    expect(vectors).toEqual([]);
  });

  it('counts tokens without special ones, or says that it cannot', async () => {
    const counts = await subject.embedding.countTokens(multilingualE5Small.name, ['東京タワー', 'a', ''], signal);
    expect(counts).toEqual(subject.countsTokens ? [4, 1, 0] : null);
  });

  it('names an unknown model', async () => {
    await expectError(() => subject.chat.inspect('no-such-model', signal), 'model-unknown', false);
    await expectError(() => write(subject.chat, { ...ask('Hi.'), model: 'no-such-model' }), 'model-unknown', false);
    const embedding = () => subject.embedding.embed({ model: 'no-such-model', texts: ['a'] }, signal);
    await expectError(embedding, 'model-unknown', false);
  });

  it('names a model that is for something else', async () => {
    const embedding = () => subject.chat.embed({ model: smolLm2.name, texts: ['a'] }, signal);
    await expectError(embedding, 'model-purpose', false);
    const chat = () => write(subject.embedding, { ...ask('Hi.'), model: multilingualE5Small.name });
    await expectError(chat, 'model-purpose', false);
  });

  it('refuses a prompt that is longer than the context instead of cutting it', async () => {
    const request = ask('word '.repeat(4000), { contextLength: 512 });
    await expectError(() => write(subject.chat, request), 'model-input-too-long', false);
  });

  it('never embeds only the beginning of a text in silence', async () => {
    const texts = ['passage: short', `passage: ${'長い文章。'.repeat(400)}`];
    const embed = () => subject.embedding.embed({ model: multilingualE5Small.name, texts }, signal);
    if (subject.embedsAnyLength) expect((await embed()).vectors).toHaveLength(2);
    else await expectError(embed, 'model-input-too-long', false);
  });

  it('says that an answer was cut when what writes it dies, and goes on where it can', async () => {
    const victim = await subject.startVictim();
    try {
      const long = ask(longPrompt, { maximumTokens: 1600 });
      const cut = () => readUntil(victim.host.chat(long, signal), 5, () => victim.kill());
      await expectError(cut, 'model-stream-cut', true);
      if (victim.recovers) expect(await write(victim.host, ask('Hi.', { maximumTokens: 4 }))).not.toBe('');
      else await expectError(() => write(victim.host, ask('Hi.')), 'model-host-down', true);
    } finally {
      await victim.stop();
    }
  });
});

describe('hosts behind an address', () => {
  it.each([createOllamaHost, createOpenAiCompatibleHost])('say that nobody answers there', async (create) => {
    const host = create({ address: `http://127.0.0.1:${await findFreePort()}` });
    await expectError(() => host.list(signal), 'model-host-down', true);
    await expectError(() => write(host, ask('Hi.')), 'model-host-down', true);
    await expectError(() => host.embed({ model: 'a', texts: ['a'] }, signal), 'model-host-down', true);
    await host.close();
  });

  it('say that the key is wrong', async () => {
    const model = await ensureModel(smolLm2, { folder: modelsFolder });
    const server = await startLlamaServer({ model, name: smolLm2.name, apiKey });
    const host = createOpenAiCompatibleHost({ address: server.address, apiKey: 'another' });
    try {
      await expectError(() => host.list(signal), 'model-host-refused', false);
      await expectError(() => write(host, ask('Hi.')), 'model-host-refused', false);
      await expectError(() => host.embed({ model: smolLm2.name, texts: ['a'] }, signal), 'model-host-refused', false);
      await expectError(() => host.countTokens(smolLm2.name, ['a'], signal), 'model-host-refused', false);
    } finally {
      await host.close();
      await server.stop();
    }
  });
});

function ask(content: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: smolLm2.name, messages: [{ role: 'user', content }], temperature: 0, maximumTokens: 16, ...more };
}

async function collect(events: AsyncIterable<ChatEvent>): Promise<readonly ChatEvent[]> {
  const collected: ChatEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

function joinText(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
}

async function write(host: ModelHost, request: ChatRequest, until = signal): Promise<string> {
  return joinText(await collect(host.chat(request, until)));
}

/** Reads some deltas, then acts; leaves the stream where the act says so, else reads on to the end. */
async function readUntil(events: AsyncIterable<ChatEvent>, count: number, act: () => unknown): Promise<void> {
  let seen = 0;
  for await (const event of events) {
    if (event.type === 'delta') seen += 1;
    if (seen === count && act() === 'leave') return;
  }
}

async function expectError(work: () => Promise<unknown>, code: string, retryable: boolean): Promise<void> {
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KumikiError);
  expect(error).toMatchObject({ code, retryable });
  expect(error).toHaveProperty('text.ja', expect.stringMatching(/。$/));
  expect(error).toHaveProperty('text.en', expect.stringMatching(/\.$/));
}

function multiply(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

function pick(vectors: readonly Float32Array[], index: number): Float32Array {
  return vectors[index] ?? new Float32Array();
}

/** Kills the children of a process whose command line holds a text. */
function killChildren(parent: number, text: string): void {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  for (const line of lines) {
    const [pid, ppid, ...command] = line.trim().split(/\s+/);
    if (Number(ppid) === parent && command.join(' ').includes(text)) process.kill(Number(pid), 'SIGKILL');
  }
}
