import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChatAdapter, ModelHost } from '@kumiki/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { multilingualE5Small, smolLm2 } from '../catalogue/catalogue.ts';
import { modelFilePath } from '../catalogue/model-file.ts';
import { createEmbeddedHost } from './embedded-host.ts';

const signal = new AbortController().signal;
const request = { model: multilingualE5Small.name, texts: ['猫'] };
const working = `{
  trainContextSize: 512, embeddingVectorSize: 2, tokens: { bos: 1 }, tokenize: (text) => [...text],
  createEmbeddingContext: async () => ({ getEmbeddingFor: async () => ({ vector: [3, 4] }), dispose: async () => {} }),
}`;

/** Says the name of the file of its adapter, and then that it is at its end. */
const chatting = `{
  trainContextSize: 512, embeddingVectorSize: 2, tokens: { bos: null, bosString: null, eosString: null },
  fileInfo: { metadata: { tokenizer: { chat_template: '{{ messages[0].content }}' } } },
  tokenize: (text) => [...text], detokenize: (tokens) => tokens.join(''),
  isSpecialToken: () => false, isEogToken: (token) => token === 'end',
  createContext: async ({ lora }) => ({
    getSequence: () => ({
      nextTokenIndex: 0, eraseContextTokenRanges: async () => {}, evaluateWithoutGeneratingNewTokens: async () => {},
      async *evaluate() {
        yield lora?.adapters[0].filePath ?? 'base';
        yield 'end';
      },
    }),
    dispose: async () => {},
  }),
}`;

let folder: string;
let host: ModelHost;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kumiki-embedded-'));
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

/** The host and its process are real; what stands in for llama.cpp fails as it does. */
async function openHost(loadModel: string): Promise<ModelHost> {
  const runtimeFolder = path.join(folder, 'runtime');
  const module = path.join(runtimeFolder, 'node_modules', 'node-llama-cpp', 'dist');
  await mkdir(module, { recursive: true });
  await writeFile(path.join(runtimeFolder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(module, 'index.js'), `export const getLlama = async () => ({ loadModel: ${loadModel} });`);
  for (const entry of [multilingualE5Small, smolLm2]) await writeFile(modelFilePath(entry, folder), 'weights');
  return createEmbeddedHost({ runtimeFolder, modelsFolder: folder, embeddingLanes: 1 });
}

describe('the embedded host, short of memory', () => {
  it('says so when the weights do not fit', async () => {
    host = await openHost(`async () => {
      throw Object.assign(new Error('Not enough memory to load the model'), { name: 'InsufficientMemoryError' });
    }`);
    await expect(host.embed(request, signal)).rejects.toMatchObject({ code: 'model-out-of-memory' });
  });

  it('says so when a context does not fit, and answers the next call', async () => {
    host = await openHost(`async () => {
      let failures = 1;
      const model = ${working};
      const create = model.createEmbeddingContext;
      model.createEmbeddingContext = async () => {
        if (failures-- > 0) throw new Error('failed to allocate memory for the context');
        return create();
      };
      return model;
    }`);
    await expect(host.embed(request, signal)).rejects.toMatchObject({ code: 'model-out-of-memory' });
    const { vectors } = await host.embed(request, signal);
    expect([...(vectors[0] ?? [])].map((value) => value.toFixed(1))).toEqual(['0.6', '0.8']);
  });

  it('names the host as down when the system has killed the process, and starts it again', async () => {
    const flag = JSON.stringify(path.join(folder, 'killed-once'));
    host = await openHost(`async () => {
      const { existsSync, writeFileSync } = await import('node:fs');
      if (!existsSync(${flag})) {
        writeFileSync(${flag}, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return ${working};
    }`);
    await expect(host.embed(request, signal)).rejects.toMatchObject({ code: 'model-host-down', retryable: true });
    expect((await host.embed(request, signal)).vectors).toHaveLength(1);
  });
});

describe('the embedded host, with adapters', () => {
  const makeAdapter = (name: string): ChatAdapter => ({
    digest: `sha256:${name}`,
    base: 'sha256:00',
    ggufFile: async () => name,
    mergedFile: () => Promise.reject(new Error('not asked for here')),
    peftFolder: () => Promise.reject(new Error('not asked for here')),
  });

  async function write(name?: string): Promise<string> {
    const adapter = name === undefined ? {} : { adapter: makeAdapter(name) };
    const messages = [{ role: 'user', content: 'Hi.' }] as const;
    let text = '';
    for await (const event of host.chat(
      { model: smolLm2.name, messages, temperature: 0, maximumTokens: 8, ...adapter },
      signal,
    )) {
      if (event.type === 'delta') text += event.text;
    }
    return text;
  }

  const measure = () => host.loaded?.(signal);
  const nothing = { memory: 0, deviceMemory: 0 };

  it('answers with the adapter that was asked for, and without one', async () => {
    host = await openHost(`async () => (${chatting})`);
    expect(await Promise.all([write('one'), write(), write('other')])).toEqual(['one', 'base', 'other']);
  });

  it('tells what its process occupies, and gives it back when asked', async () => {
    host = await openHost(`async () => (${chatting})`);
    expect(await host.loaded?.(signal)).toEqual(nothing);
    await write();
    expect((await host.loaded?.(signal))?.memory).toBeGreaterThan(10e6);
    await host.unload?.(signal);
    expect(await host.loaded?.(signal)).toEqual(nothing);
    expect(await write()).toBe('base');
  });

  it('keeps no process that has met more adapters than it should hold', async () => {
    host = await openHost(`async () => (${chatting})`);
    for (let count = 1; count <= 16; count += 1) await write(`${count}`);
    expect(await measure()).not.toEqual(nothing);
    await write('one more');
    await expect.poll(measure).toEqual(nothing);
    expect(await write('1')).toBe('1');
  });
});
