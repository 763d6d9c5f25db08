import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { flowsQuery, versionsQuery } from '../api/flows.ts';
import { runQuery } from '../api/runs.ts';
import { type Schedule, schedulesQuery } from '../api/schedules.ts';
import { renderPage } from '../testing/render-page.tsx';
import { SchedulesPage } from './schedules-page.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const flow = { id: 'help', name: 'ヘルプデスク', revision: 1, nodes: 9, latestVersion: 2, latestBuild: 3 };
const flows = [{ ...flow, createdAt: '2026-11-01T00:00:00.000Z', updatedAt: '2026-11-01T00:00:00.000Z' }];
const nightly: Schedule = {
  ...{ id: 'nightly', flow: 'help', version: null, cron: '0 3 * * *', timeZone: 'Asia/Tokyo', enabled: true },
  ...{ nextAt: '2026-11-30T18:00:00.000Z', lastAt: '2026-11-29T18:00:00.000Z', lastRun: 'run' },
};

function renderSchedules(schedules: readonly Schedule[], startedAt = nightly.lastAt) {
  return renderPage(SchedulesPage, (queries) => {
    queries.setQueryData(schedulesQuery.queryKey, [...schedules]);
    queries.setQueryData(flowsQuery.queryKey, { pages: [{ items: flows, next: null }], pageParams: [null] });
    const versions = [2, 1].map((number) => ({ number, nodes: 9, createdAt: '2026-11-01T00:00:00.000Z' }));
    queries.setQueryData(versionsQuery('help').queryKey, { items: versions, next: null });
    queries.setQueryData(runQuery('run').queryKey, {
      ...{
        id: 'run',
        kind: 'build',
        flow: 'help',
        version: 2,
        build: 3,
        state: 'succeeded',
        inputs: {},
        outputs: null,
      },
      ...{ usage: null, error: null, endpoint: null, subject: null, conversation: null, feedback: [] },
      ...{ createdAt: startedAt ?? '', startedAt, endedAt: startedAt },
    });
  });
}

const answer = (status: number, body: object) => ({ response: new Response(null, { status }), ...body });
const row = () => within(screen.getAllByRole('row')[1] ?? document.body);

test('a schedule says when it ran and when it runs, by the clocks of its time zone, and what came of it', async () => {
  await renderSchedules([nightly]);
  expect(row().getByRole('link', { name: 'ヘルプデスク' })).toBeTruthy();
  expect(row().getByText('0 3 * * *')).toBeTruthy();
  expect(row().getByText('11/30(月) 03:00').textContent).toContain('完了');
  expect(row().getByText('12/1(火) 03:00')).toBeTruthy();
});

test('a firing that began no build is told from one that did', async () => {
  await renderSchedules([nightly], '2026-11-28T18:00:00.000Z');
  expect(row().getByText('開始できず')).toBeTruthy();
  expect(row().queryByText('完了')).toBeNull();
});

test('a schedule is switched off as it is', async () => {
  const put = vi.spyOn(client, 'PUT').mockResolvedValue(answer(200, { data: nightly }));
  await renderSchedules([nightly]);
  fireEvent.click(row().getByRole('switch', { name: '「ヘルプデスク」（0 3 * * *）を有効にする' }));
  await waitFor(() => expect(put).toHaveBeenCalled());
  expect(put.mock.lastCall).toMatchObject([
    '/api/schedules/{id}',
    {
      params: { path: { id: 'nightly' } },
      body: { version: null, cron: '0 3 * * *', timeZone: 'Asia/Tokyo', enabled: false },
    },
  ]);
});

async function openNew() {
  await renderSchedules([]);
  fireEvent.click(screen.getByText('新しいスケジュール'));
  const dialog = within(await screen.findByRole('dialog'));
  return { dialog, cron: dialog.getByLabelText('時刻（cron 式）'), create: dialog.getByText('つくる') };
}

test('a new one takes the only flow, an example, and the time zone of this device', async () => {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const post = vi.spyOn(client, 'POST').mockResolvedValue(answer(201, { data: nightly }));
  const { dialog, create } = await openNew();
  fireEvent.click(dialog.getByText('平日 3 時'));
  fireEvent.click(create);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(post.mock.lastCall).toMatchObject([
    '/api/schedules',
    { body: { flow: 'help', version: null, cron: '0 3 * * 1-5', timeZone: here, enabled: true } },
  ]);
});

test('a time that the server cannot read is explained at its field, until it is changed', async () => {
  const texts = { en: 'Not a time.', ja: '予定として読み取れません。' };
  const error = { type: '', title: '', status: 422, detail: texts.ja, code: 'schedule-invalid', texts, path: '/cron' };
  vi.spyOn(client, 'POST').mockResolvedValue(answer(422, { error }));
  const { dialog, cron, create } = await openNew();
  fireEvent.change(cron, { target: { value: '61 3 * * *' } });
  fireEvent.click(create);
  expect(await dialog.findByText(texts.ja)).toBeTruthy();
  expect(cron.getAttribute('aria-invalid')).toBe('true');
  fireEvent.change(cron, { target: { value: '6 3 * * *' } });
  expect(dialog.queryByText(texts.ja)).toBeNull();
});

test('a schedule is deleted once that is confirmed', async () => {
  const remove = vi.spyOn(client, 'DELETE').mockResolvedValue(answer(204, {}));
  await renderSchedules([nightly]);
  fireEvent.click(row().getByRole('button', { name: /の操作$/ }));
  fireEvent.click(await screen.findByRole('menuitem', { name: '削除' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(remove).not.toHaveBeenCalled();
  fireEvent.click(dialog.getByRole('button', { name: '削除' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(remove.mock.lastCall).toMatchObject(['/api/schedules/{id}', { params: { path: { id: 'nightly' } } }]);
});
