import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import {
  type Experiment,
  experimentQuery,
  experimentReportQuery,
  experimentRowsQuery,
  experimentsQuery,
  type LabelPair,
  labelPairsQuery,
} from '../api/experiments.ts';
import { buildsQuery, flowsQuery, versionQuery } from '../api/flows.ts';
import { nodeTypesQuery } from '../api/node-types.ts';
import { questionSetsQuery } from '../api/question-sets.ts';
import { renderPage } from '../testing/render-page.tsx';
import { testDocument, testTypes } from '../testing/test-flow.ts';
import { ExperimentReading } from './experiment-page.tsx';
import { ExperimentsPage } from './experiments-page.tsx';
import { Labelling } from './labels-page.tsx';
import { NewExperiment } from './new-experiment-page.tsx';
import { sampleExperiment, sampleId, sampleReport, sampleRows } from './testing/sample-report.ts';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const pageOf = <Item,>(...items: Item[]) => ({ pages: [{ items, next: null }], pageParams: [null] });
const answer = <Data,>(data: Data) => ({ data, response: Response.json(data) });
const at = '2026-11-23T02:00:00.000Z';

const renderExperiment = (experiment: Experiment) =>
  renderPage(
    () => <ExperimentReading id={experiment.id} />,
    (queries) => {
      queries.setQueryData(experimentQuery(experiment.id).queryKey, experiment);
      queries.setQueryData(experimentReportQuery(experiment.id).queryKey, sampleReport);
      queries.setQueryData(experimentRowsQuery(experiment.id).queryKey, pageOf(...sampleRows));
    },
  );

test('the list tells state, arms and questions; a list of none says what to do', async () => {
  await renderPage(ExperimentsPage, (queries) =>
    queries.setQueryData(
      experimentsQuery.queryKey,
      pageOf(sampleExperiment, { ...sampleExperiment, id: 'x', state: 'running' }),
    ),
  );
  const [, first, second] = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(first).toContain('完了元のモデル · RAG · 学習済み · 学習済み + RAG60');
  expect(second).toContain('測定中');
  cleanup();
  await renderPage(ExperimentsPage, (queries) => queries.setQueryData(experimentsQuery.queryKey, pageOf<Experiment>()));
  expect(screen.getByText('実験はまだありません')).toBeTruthy();
  expect(screen.getAllByRole('link', { name: '新しい実験' })).toHaveLength(1);
});

test('arms are chosen from the outputs of a build, and an experiment starts with them and the questions', async () => {
  const drawn = {
    ...testDocument,
    nodes: {
      ...testDocument.nodes,
      base: { type: 'output', version: 1, settings: { name: 'base' }, position: { x: 0, y: 300 } },
      rag: { type: 'output', version: 1, settings: { name: 'RAG' }, position: { x: 0, y: 400 } },
    },
  };
  const set = {
    ...{ id: 'set', name: '総務の質問', sha256: 'a', redacted: false, source: 'file' as const, createdAt: at },
    counts: { rows: 60, clusters: 27, withReference: 54, withPassages: 54, unanswerable: 6, topics: 4 },
    findings: [],
  };
  await renderPage(
    () => <NewExperiment flow="f" />,
    (queries) => {
      queries.setQueryData(
        flowsQuery.queryKey,
        pageOf({
          id: 'f',
          name: 'Test',
          revision: 1,
          nodes: 4,
          createdAt: at,
          updatedAt: at,
          latestVersion: 3,
          latestBuild: 5,
        }),
      );
      queries.setQueryData(buildsQuery('f').queryKey, {
        items: [{ number: 5, version: 3, run: 'r', createdAt: at, artifacts: [], models: [] }],
        next: null,
      } as never);
      queries.setQueryData(versionQuery('f', 3).queryKey, { number: 3, document: drawn, createdAt: at } as never);
      queries.setQueryData(nodeTypesQuery.queryKey, testTypes);
      queries.setQueryData(questionSetsQuery.queryKey, [set]);
    },
  );
  const post = vi.spyOn(client, 'POST').mockResolvedValue(answer(sampleExperiment));
  const start = screen.getByRole<HTMLButtonElement>('button', { name: '実験を始める' });
  expect(start.disabled).toBe(true);
  fireEvent.click(screen.getByRole('checkbox', { name: 'base' }));
  fireEvent.click(screen.getByRole('checkbox', { name: 'RAG' }));
  fireEvent.click(screen.getByRole('radio', { name: '「RAG」を比較の基準にする' }));
  fireEvent.click(screen.getByRole('combobox', { name: '質問セット' }));
  fireEvent.click(await screen.findByRole('option', { name: /総務の質問/ }));
  expect(screen.getByText('60 問 · 27 まとまり · 模範解答あり 54 · 答えのないもの 6')).toBeTruthy();
  fireEvent.click(start);
  const sent = {
    ...{ name: 'Test · 総務の質問', baseline: 1, questionSet: 'set', input: 'question', judge: null },
    arms: [
      { flow: 'f', version: 3, build: 5, output: 'base', name: 'base' },
      { flow: 'f', version: 3, build: 5, output: 'RAG', name: 'RAG' },
    ],
  };
  await waitFor(() => expect(post).toHaveBeenCalledWith('/api/experiments', { body: expect.objectContaining(sent) }));
});

test('a measurement under way tells how far it is, how long it takes, and can be stopped', async () => {
  const events = [
    { type: 'run-start', kind: 'experiment', at },
    {
      ...{ type: 'experiment-progress', stage: 'asking', done: 180, total: 720, failed: 2, arm: 'arm-2' },
      ...{ remainingSeconds: 1_500, at },
    },
  ];
  const stream = new ReadableStream({
    start: (controller) => {
      const lines = events.map((event, id) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`).join('');
      controller.enqueue(new TextEncoder().encode(lines));
    },
  });
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(stream));
  await renderExperiment({ ...sampleExperiment, state: 'running', answers: { planned: 720, made: 0, failed: 0 } });
  expect(await screen.findByText('RAGに質問しています')).toBeTruthy();
  expect(screen.getByText('180 / 720 回答')).toBeTruthy();
  expect(screen.getByText('失敗 2 件')).toBeTruthy();
  expect(screen.getByText('残り 約 25 分')).toBeTruthy();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
  const post = vi.spyOn(client, 'POST').mockResolvedValue(answer({}));
  fireEvent.click(screen.getByRole('button', { name: '中止' }));
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '中止' }));
  await waitFor(() => expect(post.mock.lastCall?.[0]).toBe('/api/runs/{id}/cancel'));
});

test('once it has ended, the report stands there, can be measured again with the same settings, and be had as files', async () => {
  await renderExperiment(sampleExperiment);
  expect(screen.getByRole('heading', { name: 'RAG を使う' })).toBeTruthy();
  expect(screen.getByRole('link', { name: 'JSON' }).getAttribute('href')).toBe(`/api/experiments/${sampleId}/report`);
  expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe(
    `/api/experiments/${sampleId}/answers.csv`,
  );
  const post = vi.spyOn(client, 'POST').mockResolvedValue(answer({ ...sampleExperiment, id: 'again' }));
  fireEvent.click(screen.getByRole('button', { name: '同じ条件で測り直す' }));
  await waitFor(() => expect(post.mock.lastCall).toMatchObject(['/api/experiments', { body: { seed: 20_261_123 } }]));
});

test('what the data cannot tell is kept as it was said, and may stay unsaid', async () => {
  await renderExperiment(sampleExperiment);
  fireEvent.click(screen.getByRole('button', { name: '前提を変える' }));
  const dialog = within(await screen.findByRole('dialog'));
  const field = (name: string) => dialog.getByRole<HTMLInputElement>('textbox', { name });
  expect(field('待てる時間（秒）').value).toBe('5');
  fireEvent.change(field('CPU 1 時間の費用'), { target: { value: '120' } });
  const put = vi.spyOn(client, 'PUT').mockResolvedValue(answer({}));
  fireEvent.click(dialog.getByRole('button', { name: '前提を保存' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(put.mock.lastCall).toMatchObject([
    '/api/experiments/{id}/form',
    {
      body: {
        ...{ factsChange: { everyDays: 7 }, latencyLimit: { of: 'total', seconds: 5 }, budget: null },
        ...{ prices: { currency: '円', cpuHour: 120, gpuHour: null }, smallestDifference: null },
      },
    },
  ]);
});

const pair = (number: number): LabelPair => ({
  ...{
    pair: number,
    question: `質問 ${number}`,
    references: ['答え'],
    left: `左 ${number}`,
    right: `右 ${number}`,
    verdict: null,
  },
});

test('answers are compared by keys, one pair after the other, blind to their arms; a step back takes the last one back', async () => {
  const put = vi.spyOn(client, 'PUT').mockImplementation(async () => answer(pair(0)));
  const { container } = await renderPage(
    () => <Labelling id={sampleId} />,
    (queries) =>
      queries.setQueryData(labelPairsQuery(sampleId).queryKey, {
        ...{ items: [pair(3), pair(9)], next: null, labelled: 4, total: 6 },
      }),
  );
  expect(screen.getByText('4 / 6 組')).toBeTruthy();
  expect(container.textContent).not.toContain('RAG');
  // What a key does is kept once what came before it is.
  const press = (key: string) => act(async () => fireEvent.keyDown(window, { key }));
  await press('ArrowLeft');
  expect(screen.getByRole('heading', { name: '質問 9' })).toBeTruthy();
  expect(put.mock.lastCall).toMatchObject([
    '/api/experiments/{id}/labels/{pair}',
    { params: { path: { pair: 3 } }, body: { verdict: 'left' } },
  ]);
  await press('Backspace');
  expect(screen.getByRole('heading', { name: '質問 3' })).toBeTruthy();
  expect(put.mock.lastCall).toMatchObject([expect.anything(), { body: { verdict: null } }]);
  expect(screen.getByRole('button', { name: '左が良い' }).getAttribute('aria-pressed')).toBe('true');
  await press('ArrowDown');
  await press('ArrowRight');
  expect(screen.getByText('すべて採点しました')).toBeTruthy();
  const verdicts = ['left', null, 'tie', 'right'];
  expect(put.mock.calls).toMatchObject(verdicts.map((verdict) => [expect.anything(), { body: { verdict } }]));
});
