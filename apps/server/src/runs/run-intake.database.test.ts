import { createId, createRunQueue, insertFlow, listRuns, type NewRun, type RunQueue, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawPassThrough } from '../testing/sample-flows.ts';
import { defaultWorkspace } from '../workbench.ts';
import { RunIntake } from './run-intake.ts';

let store: Store;
let queue: RunQueue;
let intake: RunIntake;
let flow: string;
beforeEach(async () => {
  store = await openTestDatabase();
  queue = await createRunQueue(store, { onError: () => {} });
  intake = new RunIntake(store.database, async () => queue);
  flow = (await insertFlow(store.database, { workspace: defaultWorkspace, document: drawPassThrough() })).id;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await queue.stop({ milliseconds: 1_000 });
  await store.close();
});

const makeRun = (of = flow): NewRun => ({ workspace: defaultWorkspace, kind: 'question', flow: of, version: 1 });

async function listIds(): Promise<readonly string[]> {
  const { items } = await listRuns(store.database, { workspace: defaultWorkspace, limit: 100 });
  return items.map(({ id }) => id).sort();
}

it('writes runs that come together by one transaction, each with an id of its own', async () => {
  const transaction = vi.spyOn(store.database, 'transaction');
  const ids = await Promise.all(Array.from({ length: 20 }, () => intake.add(makeRun())));
  expect(new Set(ids).size).toBe(20);
  expect(await listIds()).toEqual(ids.toSorted());
  expect(transaction).toHaveBeenCalledTimes(1);
});

it('refuses none for the sake of one that cannot be written', async () => {
  const [one, orphan, other] = await Promise.allSettled([
    intake.add(makeRun()),
    intake.add(makeRun(createId())),
    intake.add(makeRun()),
  ]);
  expect([one.status, orphan.status, other.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await listIds()).toHaveLength(2);
});

it('refuses all that wait while the database is away, and writes none of them twice', async () => {
  const transaction = store.database.transaction.bind(store.database);
  // The connection is lost between the commit and its acknowledgement.
  vi.spyOn(store.database, 'transaction').mockImplementationOnce(async (...call: Parameters<typeof transaction>) => {
    await transaction(...call);
    throw Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
  });
  const refused = await Promise.allSettled([intake.add(makeRun()), intake.add(makeRun())]);
  for (const one of refused) expect(one).toMatchObject({ reason: { code: 'database-down', status: 503 } });
  expect(await listIds()).toHaveLength(2);
});
