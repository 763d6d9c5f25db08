import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChatAdapter, ChatEvent, ChatRequest, ModelHost } from '@kumiki/node-sdk';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { startLlamaServer, startOllama } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { multilingualE5Small, smolLm2 } from './catalogue/catalogue.ts';
import { ensureModel } from './catalogue/ensure-model.ts';
import { createEmbeddedHost } from './embedded/embedded-host.ts';
import { ensureLlamaRuntime } from './embedded/ensure-llama-runtime.ts';
import { createOllamaHost } from './ollama-host.ts';
import { createOpenAiCompatibleHost } from './openai-compatible-host.ts';
import { type MadeAdapter, makeRandomAdapter } from './testing/random-adapter.ts';

const signal = new AbortController().signal;
const modelsFolder = cacheFolder('models');
/** What the template of the model adds by itself where a host has that template; so all three read the same prompt. */
const system = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face';
const messages: ChatRequest['messages'] = [
  { role: 'system', content: system },
  { role: 'user', content: 'Write about the sea.' },
];

type Subject = {
  readonly host: ModelHost;
  /** Another program that talks to the same server. */
  connectAgain?(): ModelHost;
  /** What the server itself has, whatever is shown of it. */
  listAll?(): Promise<readonly string[]>;
  stop(): Promise<void>;
};
type Kind = 'embedded' | 'llama-server' | 'Ollama';

let folder: string;
let adapters: readonly [MadeAdapter, MadeAdapter, MadeAdapter];

/**
 * The first words of the first two leave no doubt, to the model that has one of them: no rounding of another kernel turns
 * them. The third has lost its mind, and would turn whatever took over from what it has read.
 */
async function makeAdapters(base: string): Promise<readonly [MadeAdapter, MadeAdapter, MadeAdapter]> {
  const make = (seed: number, strength: number) =>
    makeRandomAdapter({ base, baseSha256: smolLm2.sha256, seed, strength, folder });
  return [await make(1, 0.09), await make(2, 0.12), await make(1, 0.25)];
}

const start: Readonly<Record<Kind, (base: string) => Promise<Subject>>> = {
  embedded: async () => {
    const runtimeFolder = await ensureLlamaRuntime({ cacheFolder: cacheFolder() });
    const host = createEmbeddedHost({ runtimeFolder, modelsFolder, chatThreads: 1, embeddingLanes: 1 });
    return { host, stop: () => host.close() };
  },
  'llama-server': async (model) => {
    const files = await Promise.all(adapters.map((adapter) => adapter.ggufFile(signal)));
    const server = await startLlamaServer({ model, name: smolLm2.name, adapters: files, parallel: 1 });
    const host = createOpenAiCompatibleHost({ address: server.address });
    return {
      host,
      stop: async () => {
        await host.close();
        await server.stop();
      },
    };
  },
  Ollama: async (file) => {
    const server = await startOllama({ models: [{ name: smolLm2.name, sha256: smolLm2.sha256, file }] });
    const connectAgain = () => createOllamaHost({ address: server.address });
    const host = connectAgain();
    return {
      host,
      connectAgain,
      listAll: async () => {
        const response = await fetch(new URL('/api/tags', server.address));
        const { models } = z.object({ models: z.array(z.object({ name: z.string() })) }).parse(await response.json());
        return models.map(({ name }) => name);
      },
      stop: async () => {
        await host.close();
        await server.stop();
      },
    };
  },
};

describe('a tuned model', () => {
  let base: string;
  const subjects = new Map<Kind, Subject>();
  const said = new Map<Kind, readonly [string, string, string]>();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kumiki-adapters-'));
    base = await ensureModel(smolLm2, { folder: modelsFolder });
    adapters = await makeAdapters(base);
  });
  afterAll(async () => {
    await Promise.all([...subjects.values()].map(({ stop }) => stop()));
    await rm(folder, { recursive: true, force: true });
  });

  describe.each(['embedded', 'llama-server', 'Ollama'] as const)('on %s', (kind) => {
    let host: ModelHost;
    let untouched: string;
    beforeAll(async () => {
      const subject = await start[kind](base);
      subjects.set(kind, subject);
      host = subject.host;
      untouched = await write(host);
    });

    it('says something else than its base and than another one, while the base says what it ever did', async () => {
      const [one, other] = adapters;
      const tuned = await write(host, one);
      expect(await write(host)).toBe(untouched);
      const retuned = await write(host, other);
      expect(await write(host)).toBe(untouched);
      expect(await write(host, one)).toBe(tuned);
      expect(await write(host, other)).toBe(retuned);
      expect(new Set([untouched, tuned, retuned]).size).toBe(3);
      said.set(kind, [untouched, tuned, retuned]);
    });

    it('is asked together with its base, and each says its own', async () => {
      const wanted = [undefined, adapters[0], undefined, adapters[1], adapters[0]];
      const answers = await Promise.all(wanted.map((adapter) => write(host, adapter)));
      const [baseSaid, oneSaid, otherSaid] = said.get(kind) ?? ['', '', ''];
      expect(answers).toEqual([baseSaid, oneSaid, baseSaid, otherSaid, oneSaid]);
    });

    it('takes nothing over from what another has read of the same text', async () => {
      const ask = async (text: string, adapter?: ChatAdapter) =>
        write(host, adapter, [{ role: 'user', content: text }]);
      const who = `${'The lighthouse stood on the cliff above the village. '.repeat(4)}Who lived there?`;
      const what = `${'Bread is made of flour, water and a little salt. '.repeat(4)}What is bread made of?`;
      const before = { [who]: await ask(who), [what]: await ask(what) };
      for (const [text, other] of [
        [who, what],
        [what, who],
      ] as const) {
        expect(await ask(text, adapters[2])).not.toBe(before[text]);
        // The other one first: what was read before goes from its place to wherever a host keeps it, and comes back.
        for (const next of [other, text]) expect(await ask(next)).toBe(before[next]);
      }
    });

    it('is no model to choose', async () => {
      const names = (await host.list(signal)).map(({ name }) => name.replace(/:latest$/, ''));
      expect(names.filter((name) => name !== multilingualE5Small.name)).toContain(smolLm2.name);
      expect(names.some((name) => /kumiki|adapter/.test(name))).toBe(false);
    });
  });

  it('says the same on all three', () => {
    expect(said.get('llama-server')).toEqual(said.get('embedded'));
    expect(said.get('Ollama')).toEqual(said.get('embedded'));
  });

  it('was merged once for Ollama, and is there again for the next who connects', async () => {
    const [one] = adapters;
    expect(one.made.merged).toBe(1);
    const again = findSubject('Ollama').connectAgain?.();
    if (again === undefined) throw new Error('Ollama was not started.');
    onTestFinished(() => again.close());
    expect(await write(again, one)).toBe(said.get('Ollama')?.[1]);
    expect(one.made.merged).toBe(1);
  });

  it('is taken out of Ollama when it is dropped, and only it; who asks for it again has it made again', async () => {
    const [one] = adapters;
    const { host, listAll = () => Promise.reject(new Error('Ollama was not started.')) } = findSubject('Ollama');
    const before = await listAll();
    await host.dropAdapter?.(one, signal);
    const after = await listAll();
    const gone = before.filter((name) => !after.includes(name));
    expect(gone).toHaveLength(1);
    expect(after).toEqual(before.filter((name) => !gone.includes(name)));
    expect(await write(host, adapters[1])).toBe(said.get('Ollama')?.[2]);
    expect(await write(host)).toBe(said.get('Ollama')?.[0]);
    expect(await write(host, one)).toBe(said.get('Ollama')?.[1]);
    expect(one.made.merged).toBe(2);
  });

  it.each(['embedded', 'Ollama'] as const)('gives its memory back when it is asked for it: %s', async (kind) => {
    const { host } = findSubject(kind);
    await write(host, adapters[0]);
    const held = await host.loaded?.(signal);
    expect((held?.memory ?? 0) + (held?.deviceMemory ?? 0)).toBeGreaterThan(90e6);
    await host.unload?.(signal);
    await expect.poll(() => host.loaded?.(signal), { timeout: 10_000 }).toEqual({ memory: 0, deviceMemory: 0 });
    expect(await write(host)).toBe(said.get(kind)?.[0]);
  });

  it('is refused by a llama-server that was started without it, which is told how', async () => {
    const server = await startLlamaServer({ model: base, name: smolLm2.name });
    const host = createOpenAiCompatibleHost({ address: server.address });
    try {
      const [one] = adapters;
      const hex = one.digest.slice('sha256:'.length);
      await expect(write(host, one)).rejects.toMatchObject({
        code: 'adapter-not-served',
        message: expect.stringContaining(`--lora-scaled adapter-${hex}.gguf:0`),
      });
      await expect(write(host, one)).rejects.not.toThrow(folder);
      expect(await write(host)).toBe(said.get('llama-server')?.[0]);
    } finally {
      await host.close();
      await server.stop();
    }
  });

  it('is refused by the embedded host where the adapter is none of this model', async () => {
    const [one] = adapters;
    const wrong: ChatAdapter = { ...one, digest: 'sha256:00', ggufFile: async () => base };
    await expect(write(findSubject('embedded').host, wrong)).rejects.toMatchObject({ code: 'adapter-not-served' });
    expect(await write(findSubject('embedded').host)).toBe(said.get('embedded')?.[0]);
  });

  function findSubject(kind: Kind): Subject {
    const subject = subjects.get(kind);
    if (subject === undefined) throw new Error(`${kind} was not started.`);
    return subject;
  }
});

async function write(host: ModelHost, adapter?: ChatAdapter, asked = messages): Promise<string> {
  const events: ChatEvent[] = [];
  const request = { model: smolLm2.name, messages: asked, temperature: 0, maximumTokens: 8, contextLength: 2048 };
  for await (const event of host.chat({ ...request, ...(adapter !== undefined && { adapter }) }, signal)) {
    events.push(event);
  }
  return events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
}
