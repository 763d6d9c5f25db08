import { createId, mayOthersAnswer, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { createLog } from './http/log.ts';
import { showPresence } from './server-presence.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

const longestMilliseconds = 600_000;
const isAnybodySeen = () =>
  mayOthersAnswer(store.database, { id: createId(), before: new Date(), longestMilliseconds });

it.runIf(inject('database') === 'postgres')(
  'a server is seen by the others until it stops, a worker never',
  async () => {
    const log = await createLog('silent');
    const worker = showPresence(store, { answers: false, longestMilliseconds, log });
    const server = showPresence(store, { answers: true, longestMilliseconds, log });
    await vi.waitFor(async () => expect(await isAnybodySeen()).toBe(true));
    expect(await worker.mayOthersAnswer(new Date())).toBe(true);
    expect(await server.mayOthersAnswer(new Date())).toBe(false);
    await server.stop();
    expect(await isAnybodySeen()).toBe(false);
    await worker.stop();
  },
);

it.runIf(inject('database') === 'embedded')('nobody else answers from an embedded database', async () => {
  const presence = showPresence(store, { answers: true, longestMilliseconds, log: await createLog('silent') });
  expect(await presence.mayOthersAnswer(new Date())).toBe(false);
  await presence.stop();
});
