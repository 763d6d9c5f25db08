import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createId } from '../database/create-id.ts';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { insertFlow } from './flows.ts';
import { appendRunEvents, listRunEvents, readLastSequence } from './run-events.ts';
import {
  claimRun,
  findAttemptsToStop,
  finishRun,
  insertFinishedRuns,
  insertQueuedRuns,
  isAttemptCurrent,
  listRuns,
  readRun,
  requestCancel,
} from './runs.ts';

let store: Store;
let flow: string;
beforeAll(async () => {
  store = await openTestDatabase();
  flow = (await insertFlow(store.database, { workspace, document: makeDocument('A') })).id;
});
afterAll(() => store.close());

const newRun = () => ({ workspace, kind: 'question', flow, version: 1, inputs: { question: 'a\0b' } }) as const;
async function startRun(): Promise<string> {
  const [run = ''] = await insertQueuedRuns(store.database, [newRun()]);
  await claimRun(store.database, run);
  return run;
}
const usage = { promptTokens: 1, completionTokens: 2 };
const event = (sequence: number) => ({ sequence, event: { type: 'text-delta', text: `\0${sequence}` } });

describe('runs', () => {
  it('go from queued over running to their one end', async () => {
    const { database } = store;
    const [run = ''] = await insertQueuedRuns(database, [newRun()]);
    expect(await readRun(database, { workspace, run })).toMatchObject({ state: 'queued', inputs: { question: 'ab' } });
    expect(await claimRun(database, run)).toMatchObject({ state: 'running', attempt: 1 });
    await finishRun(database, { run, attempt: 1 }, { state: 'succeeded', outputs: { answer: 'x' }, usage, build: 3 });
    expect(await readRun(database, { workspace, run })).toMatchObject({
      state: 'succeeded',
      outputs: { answer: 'x' },
      usage,
      build: 3,
      endedAt: expect.any(Date),
    });
    const again = finishRun(database, { run, attempt: 1 }, { state: 'failed' });
    await expect(again).rejects.toMatchObject({ code: 'run-taken-over' });
    expect(await claimRun(database, run)).toBeNull();
    expect(await requestCancel(database, { workspace, run })).toMatchObject({ state: 'succeeded' });
  });

  it('let nobody write but the newest attempt', async () => {
    const { database } = store;
    const [run = ''] = await insertQueuedRuns(database, [newRun()]);
    await claimRun(database, run);
    await appendRunEvents(database, { run, attempt: 1 }, [event(1)]);
    expect(await claimRun(database, run)).toMatchObject({ attempt: 2 });
    expect(await isAttemptCurrent(database, { run, attempt: 1 })).toBe(false);
    expect(await isAttemptCurrent(database, { run, attempt: 2 })).toBe(true);
    await expect(appendRunEvents(database, { run, attempt: 1 }, [event(2)])).rejects.toMatchObject({
      code: 'run-taken-over',
    });
    await expect(finishRun(database, { run, attempt: 1 }, { state: 'failed' })).rejects.toMatchObject({
      code: 'run-taken-over',
    });
    await appendRunEvents(database, { run, attempt: 2 }, [event(2), event(3)]);
    await finishRun(database, { run, attempt: 2 }, { state: 'cancelled' });
    await expect(appendRunEvents(database, { run, attempt: 2 }, [event(4)])).rejects.toMatchObject({
      code: 'run-taken-over',
    });
    expect(await listRunEvents(database, { run, after: 1, limit: 1 })).toEqual([
      { sequence: 2, event: { type: 'text-delta', text: '2' } },
    ]);
    expect(await readLastSequence(database, run)).toBe(3);
  });

  it('take events again whose writing was not confirmed', async () => {
    const { database } = store;
    const run = await startRun();
    const at = { run, attempt: 1 };
    await appendRunEvents(database, at, [event(1), event(2)]);
    await appendRunEvents(database, at, [event(1), event(2), event(3)]);
    expect(await listRunEvents(database, { run, after: 0 })).toMatchObject([
      { sequence: 1 },
      { sequence: 2 },
      { sequence: 3 },
    ]);
  });

  it('are cancelled at once while they wait, and by their worker while they run', async () => {
    const { database } = store;
    const [waiting = ''] = await insertQueuedRuns(database, [newRun()]);
    expect(await requestCancel(database, { workspace, run: waiting })).toMatchObject({ state: 'cancelled' });
    expect(await claimRun(database, waiting)).toBeNull();

    const run = await startRun();
    const at = { run, attempt: 1 };
    expect(await findAttemptsToStop(database, [at])).toEqual([]);
    expect(await requestCancel(database, { workspace, run })).toMatchObject({ state: 'running', endedAt: null });
    expect(await findAttemptsToStop(database, [at, { run, attempt: 0 }])).toEqual([
      { ...at, reason: 'cancel-requested' },
      { run, attempt: 0, reason: 'taken-over' },
    ]);
    await expect(requestCancel(database, { workspace: 'other', run })).rejects.toMatchObject({ code: 'run-unknown' });
  });

  it('are listed newest first, by flow, state and kind, page by page', async () => {
    const { database } = store;
    const { id: own } = await insertFlow(database, { workspace, document: makeDocument('B') });
    const made: string[] = [];
    for (let count = 0; count < 5; count++) {
      made.unshift(createId());
    }
    await insertFinishedRuns(
      database,
      made.map((id, count) => ({
        run: { ...newRun(), id, flow: own, startedAt: new Date(), endedAt: new Date() },
        result: { state: count % 2 === 0 ? 'succeeded' : 'failed', outputs: {} },
      })),
    );
    const first = await listRuns(database, { workspace, flow: own, limit: 3 });
    const second = await listRuns(database, { workspace, flow: own, limit: 3, cursor: first.next ?? '' });
    expect([...first.items, ...second.items].map((run) => run.id)).toEqual(made);
    expect(second.next).toBeNull();
    const failed = await listRuns(database, { workspace, flow: own, states: ['failed'], kind: 'question' });
    expect(failed.items).toHaveLength(2);
    expect((await listRuns(database, { workspace, flow: own, kind: 'build' })).items).toEqual([]);
  });

  it('that are over keep all that is known of them, and null for what is not', async () => {
    const { database } = store;
    const known = {
      ...newRun(),
      ...{ id: createId(), build: 3, request: { output: 'answer' }, endpoint: createId(), apiKey: createId() },
      ...{ arm: 'answer', subject: '山田\0', conversation: '相談 1' },
      ...{ startedAt: new Date('2026-04-01T00:00:00.123Z'), endedAt: new Date('2026-04-01T09:00:01.456+09:00') },
    };
    const bare = { ...newRun(), id: createId(), inputs: {}, startedAt: known.startedAt, endedAt: known.endedAt };
    const error = { code: 'a', message: { en: 'A\0', ja: 'あ' }, retryable: false, node: null, path: null };
    await insertFinishedRuns(database, [
      { run: known, result: { state: 'succeeded', outputs: { answer: [1.5, null, '\u2028"'] }, usage } },
      { run: bare, result: { state: 'failed', error } },
    ]);
    expect(await readRun(database, { workspace, run: known.id })).toEqual({
      ...{ id: known.id, workspaceId: workspace, kind: 'question', flowId: flow, version: 1, build: 3, attempt: 1 },
      ...{ request: { output: 'answer' }, inputs: { question: 'ab' }, state: 'succeeded', usage, error: null },
      ...{ outputs: { answer: [1.5, null, '\u2028"'] }, endpointId: known.endpoint, arm: 'answer' },
      ...{ apiKeyId: known.apiKey, subject: '山田', conversation: '相談 1', redactedAt: null, cancelRequestedAt: null },
      ...{ stoppedNodes: [], createdAt: expect.any(Date), startedAt: known.startedAt, endedAt: known.endedAt },
    });
    expect(await readRun(database, { workspace, run: bare.id })).toEqual({
      ...{ id: bare.id, workspaceId: workspace, kind: 'question', flowId: flow, version: 1, build: null, attempt: 1 },
      ...{ request: {}, inputs: {}, state: 'failed', usage: null, outputs: null, endpointId: null, arm: null },
      ...{ error: { ...error, message: { en: 'A', ja: 'あ' } } },
      ...{ apiKeyId: null, subject: null, conversation: null, redactedAt: null, cancelRequestedAt: null },
      ...{ stoppedNodes: [], createdAt: expect.any(Date), startedAt: known.startedAt, endedAt: known.endedAt },
    });
  });

  it('that are over are written all together, or not at all where one has no flow any more', async () => {
    const { database } = store;
    const { id: own } = await insertFlow(database, { workspace, document: makeDocument('C') });
    const over = (of: string) => ({
      run: { ...newRun(), flow: of, startedAt: new Date(), endedAt: new Date() },
      result: { state: 'succeeded', outputs: {} } as const,
    });
    await expect(insertFinishedRuns(database, [over(own), over(createId())])).rejects.toThrow();
    expect((await listRuns(database, { workspace, flow: own })).items).toEqual([]);
    await insertFinishedRuns(database, []);
    await insertFinishedRuns(database, [over(own), over(own)]);
    expect((await listRuns(database, { workspace, flow: own })).items).toHaveLength(2);
  });
});
