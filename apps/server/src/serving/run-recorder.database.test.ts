import { createId, type FinishedRun, insertFlow, listRuns, type Store } from '@kumiki/store';
import { openTestDatabase } from '@kumiki/store/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog, type Log } from '../http/log.ts';
import { drawPassThrough } from '../testing/sample-flows.ts';
import { defaultWorkspace } from '../workbench.ts';
import { RunRecorder } from './run-recorder.ts';

let store: Store;
let log: Log;
let flow: string;
beforeEach(async () => {
  store = await openTestDatabase();
  log = await createLog('silent');
  const row = await insertFlow(store.database, { workspace: defaultWorkspace, document: drawPassThrough() });
  flow = row.id;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

function makeFinished(of = flow): FinishedRun {
  const now = new Date();
  const run = { id: createId(), workspace: defaultWorkspace, kind: 'question', flow: of, version: 1 } as const;
  return { run: { ...run, startedAt: now, endedAt: now }, result: { state: 'succeeded' } };
}

/** Until the returned function is called, every write of runs fails as one without a connection does. */
function takeDatabaseAway(): () => void {
  const execute = vi.spyOn(store.database, 'execute').mockImplementation(() => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  return () => execute.mockRestore();
}

async function listIds(): Promise<readonly string[]> {
  const { items } = await listRuns(store.database, { workspace: defaultWorkspace, limit: 100 });
  return items.map(({ id }) => id).sort();
}

it('keeps what ended while the database was away, and writes it down afterwards', async () => {
  const recorder = new RunRecorder(store.database, log);
  const bringBack = takeDatabaseAway();
  const finished = Array.from({ length: 5 }, () => makeFinished());
  for (const one of finished) await recorder.add(one);
  await vi.waitFor(() => expect(recorder.settle()).rejects.toMatchObject({ code: 'database-down', status: 503 }));
  bringBack();
  await vi.waitFor(async () => expect(await listIds()).toEqual(finished.map(({ run }) => run.id).sort()), 5_000);
  await recorder.settle();
  await recorder.close();
});

it('refuses questions before they are answered once it has no place for more', async () => {
  const recorder = new RunRecorder(store.database, log);
  const bringBack = takeDatabaseAway();
  await recorder.add(makeFinished());
  await vi.waitFor(() => expect(recorder.settle()).rejects.toMatchObject({ code: 'database-down' }));
  recorder.checkPlace();
  for (let count = 1; count < 1_000; count += 1) await recorder.add(makeFinished());
  expect(() => recorder.checkPlace()).toThrow(expect.objectContaining({ code: 'database-down' }));
  bringBack();
  await vi.waitFor(() => recorder.checkPlace(), 5_000);
  await recorder.close();
});

it('loses no other run by one that cannot be written, and writes none twice', async () => {
  const recorder = new RunRecorder(store.database, log);
  const error = vi.spyOn(log, 'error');
  const [one, orphan, other] = [makeFinished(), makeFinished(createId()), makeFinished()];
  for (const finished of [one, orphan, other, one]) await recorder.add(finished);
  await recorder.settle();
  expect(await listIds()).toEqual([one.run.id, other.run.id].sort());
  expect(error).toHaveBeenCalledWith(expect.objectContaining({ run: orphan.run.id }), 'a run could not be recorded');
  await recorder.close();
});

it('leaves the database alone for a moment while somebody is answered, but not where a run is waited for', async () => {
  const recorder = new RunRecorder(store.database, log);
  const execute = vi.spyOn(store.database, 'execute');
  const endAnswer = recorder.beginAnswer(new Date());
  const began = performance.now();
  const [one, other] = [makeFinished(), makeFinished()];
  await recorder.add(one);
  await vi.waitUntil(() => execute.mock.calls.length > 0, { interval: 1 });
  expect(performance.now() - began).toBeGreaterThan(90);
  await recorder.add(other);
  await recorder.settle();
  expect(await listIds()).toEqual([one.run.id, other.run.id].sort());
  endAnswer();
  await recorder.close();
});

it('does not wait for a database that is away when it is closed, and says what is lost', async () => {
  const recorder = new RunRecorder(store.database, log);
  const error = vi.spyOn(log, 'error');
  takeDatabaseAway();
  const finished = makeFinished();
  await recorder.add(finished);
  await recorder.close();
  expect(error).toHaveBeenCalledWith(
    expect.objectContaining({ runs: [finished.run.id] }),
    'runs could not be recorded',
  );
});
