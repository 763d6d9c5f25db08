import { ensureModel, multilingualE5Small, qwen25Coder } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { startOllama } from '@kumiki/testkit/model-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { walkMainPath } from '../main-path.ts';

const loadedSchema = z.object({
  models: z.array(z.object({ name: z.string(), size: z.number(), size_vram: z.number() })),
});

describe('an Ollama on a GPU', () => {
  let address: string;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const entries = [multilingualE5Small, qwen25Coder];
    const models = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        sha256: entry.sha256,
        file: await ensureModel(entry, { folder: cacheFolder('models') }),
      })),
    );
    const ollama = await startOllama({ models });
    cleanUp.unshift(() => ollama.stop());
    address = ollama.address;
  });
  afterAll(async () => {
    for (const step of cleanUp) await step();
  });

  it('answers from models that lie wholly in GPU memory', async () => {
    const { folder, remove } = await makeTemporaryFolder();
    cleanUp.unshift(remove);
    const kumiki = await startKumiki({ dataFolder: folder, environment: { OLLAMA_HOST: new URL(address).host } });
    cleanUp.unshift(() => kumiki.stop());
    const models = { host: 'ollama', embedding: multilingualE5Small.name, chat: qwen25Coder.name };
    await walkMainPath(await kumiki.signIn(), models);
    const loaded = loadedSchema.parse(await (await fetch(`${address}/api/ps`)).json());
    expect(loaded.models).toHaveLength(2);
    for (const { size, size_vram } of loaded.models) expect(size_vram).toBe(size);
  });
});
