import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { listFeedback, putFeedback } from './feedback.ts';
import { insertFlow } from './flows.ts';
import { insertQueuedRuns } from './runs.ts';

let store: Store;
let run: string;
beforeAll(async () => {
  store = await openTestDatabase();
  const flow = (await insertFlow(store.database, { workspace, document: makeDocument('A') })).id;
  [run = ''] = await insertQueuedRuns(store.database, [{ workspace, kind: 'question', flow, version: 1 }]);
});
afterAll(() => store.close());

it('keeps the last word of each caller on a run', async () => {
  const { database } = store;
  await putFeedback(database, { workspace, run, caller: 'one' }, { score: 0.25, comment: 'too lo\0ng' });
  await putFeedback(database, { workspace, run, caller: 'two' }, { score: 1, comment: null });
  await putFeedback(database, { workspace, run, caller: 'one' }, { score: 0.5, comment: 'long' });
  expect(await listFeedback(database, { workspace, run })).toMatchObject([
    { caller: 'one', score: 0.5, comment: 'long' },
    { caller: 'two', score: 1, comment: null },
  ]);
});

it('knows no run of another workspace', async () => {
  const { database } = store;
  const at = { workspace: 'other', run };
  await expect(putFeedback(database, { ...at, caller: 'one' }, { score: 1, comment: null })).rejects.toMatchObject({
    code: 'run-unknown',
  });
  expect(await listFeedback(database, at)).toEqual([]);
});
