import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelHost } from '@kumiki/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { multilingualE5Small } from '../catalogue/catalogue.ts';
import { modelFilePath } from '../catalogue/model-file.ts';
import { createEmbeddedHost } from './embedded-host.ts';

const signal = new AbortController().signal;
const request = { model: multilingualE5Small.name, texts: ['猫'] };
const working = `{
  trainContextSize: 512, embeddingVectorSize: 2, tokens: { bos: 1 }, tokenize: (text) => [...text],
  createEmbeddingContext: async () => ({ getEmbeddingFor: async () => ({ vector: [3, 4] }), dispose: async () => {} }),
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
  await writeFile(modelFilePath(multilingualE5Small, folder), 'weights');
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
