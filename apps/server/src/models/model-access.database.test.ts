import type { ChatModelValue, EmbeddingModelValue } from '@kumiki/node-sdk';
import type { Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { FakeModelHost, fakeDimensions } from '@kumiki/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultWorkspace } from '../workbench.ts';
import { createInspectedModels, createModelAccess } from './model-access.ts';

let store: Store;
let host: FakeModelHost;
beforeEach(async () => {
  store = await openTestDatabase();
  host = new FakeModelHost();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

function openAccess() {
  return createModelAccess({
    workspace: defaultWorkspace,
    database: store.database,
    openHost: async () => host,
    openAdapter: () => {
      throw new Error('No model of this test is tuned');
    },
    inspected: createInspectedModels(),
    signal: new AbortController().signal,
  });
}

async function inspectModel(): Promise<EmbeddingModelValue> {
  const { name, digest } = await openAccess().inspect('embedded', 'fake-embedding');
  const prefixes = { query: 'query: ', document: 'passage: ' };
  return { host: 'embedded', name, digest, dimensions: fakeDimensions, maximumTokens: 512, prefixes };
}

it('embeds a text once, in one call, in calls at the same time, and in another run', async () => {
  const model = await inspectModel();
  const access = openAccess();
  const calls = await Promise.all([
    access.embed(model, ['猫', '犬', '猫'], 'document'),
    access.embed(model, ['犬', '鳥'], 'document'),
  ]);
  const again = await openAccess().embed(model, ['鳥', '猫'], 'document');
  expect(host.embeddedTexts.toSorted()).toEqual(['passage: 犬', 'passage: 猫', 'passage: 鳥'].toSorted());
  expect(calls[0][1]).toEqual(calls[1][0]);
  expect(again).toEqual([calls[1][1], calls[0][0]]);
});

it('tries a text anew that could not be embedded', async () => {
  const model = await inspectModel();
  const access = openAccess();
  host.failNext('embed');
  await expect(access.embed(model, ['猫'], 'document')).rejects.toMatchObject({ code: 'model-host-down' });
  expect(await access.embed(model, ['猫'], 'document')).toHaveLength(1);
});

it('keeps no vector of another size than the model has', async () => {
  const model = await inspectModel();
  const embed = vi.spyOn(host, 'embed').mockResolvedValue({ vectors: [Float32Array.of(1, 0)], tokens: 1 });
  await expect(openAccess().embed(model, ['猫'], 'document')).rejects.toMatchObject({ code: 'model-host-failed' });
  embed.mockRestore();
  expect((await openAccess().embed(model, ['猫'], 'document'))[0]).toHaveLength(fakeDimensions);
});

it('asks the model anew for every question', async () => {
  const model = await inspectModel();
  const access = openAccess();
  await access.embed(model, ['猫'], 'query');
  await access.embed(model, ['猫'], 'query');
  expect(host.embeddedTexts).toEqual(['query: 猫', 'query: 猫']);
});

const question = {
  messages: [{ role: 'user', content: '猫は いつ 鳴く' }],
  maximumTokens: 10,
  temperature: 0,
  contextLength: 100,
} as const;

async function inspectChat(): Promise<ChatModelValue> {
  const { name, digest, template, contextLength } = await openAccess().inspect('embedded', 'fake-chat');
  return { host: 'embedded', name, digest, template, contextLength, adapter: null };
}

it('asks a chat model without waiting to hear that it is the same, and hands on nothing before', async () => {
  const model = await inspectChat();
  const told = Promise.withResolvers<void>();
  const inspect = host.inspect.bind(host);
  vi.spyOn(host, 'inspect').mockImplementation(async (name, signal) => {
    await told.promise;
    return inspect(name, signal);
  });
  const order: string[] = [];
  const reading = (async () => {
    for await (const event of openAccess().chat(model, question)) order.push(event.type);
  })();
  await vi.waitFor(() => expect(host.calls.chat).toBe(1));
  // All that the fake host has to say would be here by now.
  await new Promise((resolve) => setImmediate(resolve));
  order.push('told');
  told.resolve();
  await reading;
  expect(order).toEqual(['told', 'delta', 'delta', 'delta', 'end']);
});

it('ends what it asked of a model that has changed, and hands on none of it', async () => {
  const model = await inspectChat();
  host.changeDigest('fake-chat', 'sha256:another');
  const chat = vi.spyOn(host, 'chat');
  const words: unknown[] = [];
  const reading = (async () => {
    for await (const event of openAccess().chat(model, question)) words.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'model-changed' });
  expect(words).toEqual([]);
  expect(chat.mock.calls[0]?.[1].aborted).toBe(true);
});

it('asks no host again for so short a while', async () => {
  const model = await inspectChat();
  const access = openAccess();
  const before = host.calls.inspect;
  for (let time = 0; time < 3; time += 1) await Array.fromAsync(access.chat(model, question));
  expect(host.calls.inspect).toBe(before + 1);
});

it('names a database that is away', async () => {
  const model = await inspectModel();
  vi.spyOn(store.database, 'select').mockImplementation(() => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  await expect(openAccess().embed(model, ['猫'], 'document')).rejects.toMatchObject({ code: 'database-down' });
});
