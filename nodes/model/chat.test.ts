import { KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext, describeHostModel } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { chatModel } from './chat.ts';

const settings = { host: 'ollama', model: 'qwen3', tuned: '' };
const adapter = { digest: 'sha256:adapter', files: [], base: 'sha256:weights', prompt: null };
const contextWith = (parts: Parameters<typeof describeHostModel>[0]) =>
  createFakeContext({ models: { inspect: async () => describeHostModel(parts) } });

describe('model/chat', () => {
  it('puts the model with its digest and template on the wire', async () => {
    const { model } = await runNode(chatModel, { settings, context: contextWith({ name: 'qwen3:latest' }) });
    expect(model).toEqual({
      host: 'ollama',
      // As the host calls it, so that a name which leaves the choice to the host is settled by the build.
      name: 'qwen3:latest',
      digest: 'sha256:weights',
      adapter: null,
      template: 'sha256:template',
      contextLength: 4096,
    });
  });

  it('is the same model wherever it runs and whatever it is called', async () => {
    const one = await chatModel.identify?.({ settings, context: contextWith({}) });
    const other = await chatModel.identify?.({
      settings: { ...settings, host: 'embedded', model: 'q' },
      context: contextWith({}),
    });
    expect(one).toEqual(other);
    expect(one?.covers).toEqual(['host', 'model', 'tuned']);
  });

  it('is known by host and name where the host tells no digest', async () => {
    const identity = await chatModel.identify?.({ settings, context: contextWith({ digest: null }) });
    expect(identity?.value).toEqual({ unpinned: { host: 'ollama', model: 'qwen3' } });
  });

  it('puts the adapter of a tuned model on the wire, and is known by it', async () => {
    const models = { inspect: async () => describeHostModel(), findAdapter: async () => adapter };
    const context = createFakeContext({ models });
    const tuned = { ...settings, tuned: '窓口の口調' };
    const { model } = await runNode(chatModel, { settings: tuned, context });
    expect(model).toMatchObject({ digest: 'sha256:weights', adapter });
    expect(await chatModel.identify?.({ settings: tuned, context })).toMatchObject({
      value: { digest: 'sha256:weights', adapter: 'sha256:adapter' },
    });
  });

  it('refuses a tuned model of another base', async () => {
    const models = {
      inspect: async () => describeHostModel({ digest: 'sha256:other' }),
      findAdapter: async () => adapter,
    };
    const run = runNode(chatModel, { settings: { ...settings, tuned: 'a' }, context: createFakeContext({ models }) });
    await expect(run).rejects.toMatchObject({ code: 'adapter-base-mismatch', path: '/settings/tuned' });
  });

  it('refuses a model that cannot chat', async () => {
    const run = runNode(chatModel, { settings, context: contextWith({ purposes: ['embedding'] }) });
    await expect(run).rejects.toMatchObject({ code: 'model-purpose', path: '/settings/model' });
  });

  it('hands on what the host says of an unknown model', async () => {
    const unknown = new KumikiError({ code: 'model-unknown', message: { en: 'unknown', ja: '不明' } });
    const context = createFakeContext({ models: { inspect: () => Promise.reject(unknown) } });
    await expect(runNode(chatModel, { settings, context })).rejects.toBe(unknown);
  });
});
