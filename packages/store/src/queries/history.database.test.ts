import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstIdOf } from '../database/create-id.ts';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { insertBuild } from './builds.ts';
import { insertFlow } from './flows.ts';
import { deleteOldRuns } from './history.ts';
import { listRuns, type NewRun, type RunListOptions, selectRuns } from './runs.ts';

const { signal } = new AbortController();
const day = 86_400_000;
let store: Store;
let flow: string;
beforeAll(async () => {
  store = await openTestDatabase();
  flow = (await insertFlow(store.database, { workspace, document: makeDocument('history') })).id;
});
afterAll(() => store.close());

describe('the history of runs', () => {
  it('loses runs that are older than they are kept, but not those of builds that are there and those under way', async () => {
    const { database } = store;
    const now = Date.now();
    const insert = async (daysAgo: number, place: number, kind: NewRun['kind'], state: string) => {
      const id = firstIdOf(now - daysAgo * day + place);
      await database.execute(sql`
        insert into runs (id, workspace_id, kind, flow_id, version, state)
        values (${id}, ${workspace}, ${kind}, ${flow}, 1, ${state})`);
      await database.execute(sql`
        insert into run_events (workspace_id, run_id, sequence, event) values (${workspace}, ${id}, 1, '{}')`);
      return id;
    };
    const kept = await insert(200, 1, 'build', 'succeeded');
    await insert(200, 2, 'build', 'failed');
    const running = await insert(199, 0, 'question', 'running');
    for (let place = 0; place < 1_100; place++) {
      await database.execute(sql`
        insert into runs (id, workspace_id, kind, flow_id, version, state)
        values (${firstIdOf(now - 91 * day + place)}, ${workspace}, 'question', ${flow}, 1, 'succeeded')`);
    }
    const young = await insert(89, 0, 'question', 'succeeded');
    const build = { workspace, flow, version: 1, nodes: {}, fingerprints: [], models: [] };
    await insertBuild(database, { ...build, run: kept });
    expect(await deleteOldRuns(database, { retentionDays: 90 }, signal)).toBe(1_101);
    expect((await listRuns(database, { workspace })).items.map(({ id }) => id)).toEqual([young, running, kept]);
    const events = await selectRows(database, sql`select 1 from run_events`);
    expect(events).toHaveLength(3);
    expect(await deleteOldRuns(database, { retentionDays: 90 }, signal)).toBe(0);
  });

  describe('of many runs', () => {
    const endpoint = '00000000-0000-7000-8000-00000000000e';
    const other = '00000000-0000-7000-8000-00000000000f';
    const middle = '00000000-0000-7000-8000-000000007530';
    const ways: [string, Omit<RunListOptions, 'workspace'>][] = [
      ['all', {}],
      ['by flow', {}],
      ['by state', { states: ['failed'] }],
      ['by kind', { kind: 'build' }],
      ['by flow and kind', { kind: 'build' }],
      ['by endpoint', { endpoint }],
    ];

    beforeAll(async () => {
      // Most are answers of one flow and one endpoint; what lists are about is rare, as in a history that has grown.
      await store.database.execute(sql`
        insert into runs (id, workspace_id, kind, flow_id, version, state, endpoint_id, inputs)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(place), 12, '0'))::uuid, ${workspace},
          case when place % 6000 = 1 then 'build' else 'question' end, ${flow}, 1,
          case when place % 5000 = 2 then 'failed' else 'succeeded' end,
          case when place % 4000 = 3 then ${endpoint}::uuid else ${other}::uuid end, '{"question": "x"}'
        from generate_series(1, 60000) place`);
      await store.database.execute(sql`analyze runs`);
    });

    it.each(ways)('lists them %s from an index, without reading or sorting the rest', async (name, filter) => {
      const options = { workspace, ...filter, ...(name.startsWith('by flow') ? { flow } : {}) };
      for (const cursor of [undefined, middle]) {
        const statement = selectRuns(store.database, { ...options, cursor });
        const plan = await selectRows<{ 'QUERY PLAN': string }>(store.database, sql`explain ${statement}`);
        const text = plan.map((line) => line['QUERY PLAN']).join('\n');
        expect(text).toMatch(/Index Scan/);
        expect(text).not.toMatch(/Seq Scan|Sort|Bitmap/);
      }
      const [row] = (await listRuns(store.database, { ...options, cursor: middle })).items;
      expect(row?.id.localeCompare(middle)).toBeLessThan(0);
    });
  });
});
