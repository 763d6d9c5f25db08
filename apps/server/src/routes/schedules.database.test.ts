import { changeSchedule } from '@kumiki/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough } from '../testing/sample-flows.ts';
import { defaultWorkspace } from '../workbench.ts';

let test: TestWorkbench;
let flow: string;
beforeAll(async () => {
  test = await openTestWorkbench();
  flow = (await test.call('POST', '/api/flows', { document: drawPassThrough() })).body.id;
});
afterAll(() => test.close());

const nightly = { cron: '0 3 * * *', timeZone: 'Asia/Tokyo' };

async function create(extra: object = {}) {
  const { status, body } = await test.call('POST', '/api/schedules', { flow, ...nightly, ...extra });
  expect(status).toBe(201);
  return body;
}

async function read(id: string) {
  const { body } = await test.call('GET', `/api/schedules?flow=${flow}`);
  return body.items.find((schedule: { id: string }) => schedule.id === id);
}

/** As if its time had come so long ago. */
function letPass(schedule: string, hours: number) {
  const nextAt = new Date(Date.now() - hours * 3_600_000);
  const { database } = test.workbench.store;
  return changeSchedule(database, { workspace: defaultWorkspace, schedule, version: null, ...nightly, nextAt });
}

async function countBuilds(of = flow): Promise<number> {
  const { body } = await test.call('GET', `/api/runs?flow=${of}&limit=200`);
  return body.items.filter(({ kind }: { kind: string }) => kind === 'build').length;
}

describe('a schedule', () => {
  it('tells when it fires next, in UTC, and is off where it is switched off', async () => {
    const schedule = await create();
    expect(schedule).toMatchObject({ flow, version: null, enabled: true, lastAt: null, lastRun: null });
    expect(schedule.nextAt).toMatch(/T18:00:00\.000Z$/);
    const off = await test.call('PUT', `/api/schedules/${schedule.id}`, { ...nightly, enabled: false });
    expect(off.body).toMatchObject({ enabled: false, nextAt: null });
    expect((await test.call('DELETE', `/api/schedules/${schedule.id}`)).status).toBe(204);
    expect((await test.call('DELETE', `/api/schedules/${schedule.id}`)).body.code).toBe('schedule-unknown');
  });

  it('fires once however many servers look, and once for all that was missed', async () => {
    const schedule = await create();
    const before = await countBuilds();
    await letPass(schedule.id, 100);
    const { scheduler } = test.workbench.running;
    await Promise.all([scheduler.fireDue(), scheduler.fireDue(), scheduler.fireDue()]);
    await scheduler.fireDue();
    expect(await countBuilds()).toBe(before + 1);
    const fired = await read(schedule.id);
    expect(Date.parse(fired.nextAt)).toBeGreaterThan(Date.parse(fired.lastAt));
    await vi.waitFor(
      async () => {
        const { body } = await test.call('GET', `/api/runs/${fired.lastRun}`);
        // A firing and its run are of one moment, by which a reader tells a firing that began no run.
        expect(body).toMatchObject({ kind: 'build', state: 'succeeded', flow, createdAt: fired.lastAt });
      },
      { timeout: 20_000 },
    );
    expect((await test.call('DELETE', `/api/schedules/${schedule.id}`)).status).toBe(204);
  });

  it('waits for its next time where the draft cannot be built, and begins nothing while it is off', async () => {
    const document = drawPassThrough('broken');
    const broken = { ...document, edges: [] };
    const { id } = (await test.call('POST', '/api/flows', { document: broken })).body;
    const schedule = (await test.call('POST', '/api/schedules', { flow: id, ...nightly })).body;
    await letPass(schedule.id, 1);
    await test.workbench.running.scheduler.fireDue();
    expect(await countBuilds(id)).toBe(0);
    const { body } = await test.call('GET', `/api/schedules?flow=${id}`);
    expect(body.items).toMatchObject([{ lastRun: null, enabled: true }]);
    expect(Date.parse(body.items[0].nextAt)).toBeGreaterThan(Date.now());
  });

  it('is refused where its flow, its version or its time does not exist', async () => {
    const refuse = async (body: object) =>
      (await test.call('POST', '/api/schedules', { flow, ...nightly, ...body })).body;
    expect((await refuse({ flow: crypto.randomUUID() })).code).toBe('flow-unknown');
    expect((await refuse({ version: 99 })).code).toBe('version-unknown');
    expect(await refuse({ cron: 'nightly' })).toMatchObject({ code: 'schedule-invalid', path: '/cron' });
    expect(await refuse({ timeZone: 'Mars' })).toMatchObject({ code: 'schedule-invalid', path: '/timeZone' });
  });
});
