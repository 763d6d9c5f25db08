import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { type TunedModel, tunedModelOfQuery } from '../api/tuned-models.ts';
import { Canvas } from '../canvas/canvas.tsx';
import { NodeInspector } from '../inspector/node-inspector.tsx';
import type { RunEvent } from '../run/run-state.ts';
import type { TrainingReport } from '../run/training-run.ts';
import { renderEditor } from '../testing/render-editor.tsx';
import { describeType, testDocument, testTypes } from '../testing/test-flow.ts';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const at = '2026-11-23T09:00:00.000Z';

const types = new Map([
  ...testTypes,
  [
    'finetune/lora',
    describeType('finetune/lora', {
      inputs: { dataset: 'dataset' },
      outputs: { model: 'chat-model' },
      makesArtifact: true,
      settings: { samplePrompts: { type: 'string', default: '' } },
    }),
  ] as const,
]);

const document: FlowDocument = {
  ...testDocument,
  nodes: {
    tune: {
      type: 'finetune/lora',
      version: 1,
      settings: { samplePrompts: '営業時間は？\n\n返品できますか？' },
      position: { x: 0, y: 0 },
    },
  },
};

const tell = (training: TrainingReport, done = 0): RunEvent => ({
  type: 'node-progress',
  node: 'tune',
  done,
  total: training.type === 'state' ? null : 1_200,
  unit: 'steps',
  waitingFor: null,
  training,
});

const begin: RunEvent[] = [
  { type: 'run-start', kind: 'build', at },
  { type: 'node-start', node: 'tune', at },
];

const course: RunEvent[] = [
  tell({ type: 'state', state: 'training', share: null }),
  tell({ type: 'plan', steps: 1_200, resumedFrom: 0, rows: { train: 1_506, evaluation: 168 } }),
  tell({ type: 'points', points: [{ step: 0, evaluationLoss: 3.1 }], remainingSeconds: null }),
  tell({ type: 'samples', step: 0, answers: ['わかりません。', ''] }),
  ...[1, 2, 3].map((step) =>
    tell(
      {
        type: 'points',
        points: [{ step, loss: 3 / step, learningRate: 2e-4, tokensPerSecond: 412, memory: 2.1e9, deviceMemory: 0 }],
        remainingSeconds: 720,
      },
      step,
    ),
  ),
  tell({ type: 'points', points: [{ step: 3, evaluationLoss: 1.62 }], remainingSeconds: 720 }, 3),
  tell({ type: 'samples', step: 3, answers: ['平日の 9 時から 18 時です。', '8 日以内なら承ります。'] }, 3),
];

const trained: RunEvent = {
  type: 'node-end',
  node: 'tune',
  state: 'succeeded',
  milliseconds: 1_302_000,
  counts: {},
  sample: {},
  usage: null,
  warnings: [],
  documentErrors: [],
  error: null,
};

async function renderTraining(part: Parameters<typeof renderEditor>[0], events: readonly RunEvent[]) {
  const view = await renderEditor(part, document, {}, types);
  const receive = (...more: RunEvent[]) => act(() => view.runs.getState().receive('run', more));
  act(() => view.runs.getState().expect('run', 'build'));
  receive(...begin, ...events);
  return { ...view, receive };
}

test('the node says what it is at, then draws its loss with steps and the time that is left', async () => {
  const { receive } = await renderTraining(<Canvas />, [tell({ type: 'state', state: 'installing', share: 0.43 })]);
  const node = () => within(screen.getByRole('article', { name: /^finetune\/lora、/ }));
  expect(screen.getByRole('article', { name: 'finetune/lora、インストール中' }).textContent).toContain('43%');
  receive(...course);
  expect(node().getByText('3/1,200')).toBeTruthy();
  expect(node().getByText('残り 12 分')).toBeTruthy();
  const drawing = node().getByRole('img', { name: /損失/ });
  expect(drawing.getAttribute('aria-label')).toBe(
    '1,200 ステップのうち 3 ステップまで学習しました。 損失は 3.00 から 1.00 になりました。 評価損失は学習前 3.10、最新 1.62、最良 1.62（3 ステップ）です。',
  );
  expect([...drawing.querySelectorAll('path')].every((path) => !path.getAttribute('d')?.includes('NaN'))).toBe(true);
  receive(trained);
  expect(node().getByText('3.10 → 1.62')).toBeTruthy();
  expect(node().getByText('22 分')).toBeTruthy();
});

test('the inspector tells the estimate, what is learnt from, and the evaluation losses', async () => {
  await renderTraining(<NodeInspector id="tune" />, [
    tell({
      type: 'estimate',
      verdict: 'tight',
      memory: { needed: 2.4e9, free: 2.9e9, held: 0, device: 'cpu' },
      seconds: 480,
      steps: 1_200,
    }),
    ...course,
  ]);
  const section = within(screen.getByRole('region', { name: /学習の経過/ }));
  expect(section.getByText('見積もり · 余裕がありません')).toBeTruthy();
  expect(section.getByText('メモリー 2.4 GB（空き 2.9 GB）')).toBeTruthy();
  expect(section.getByText('学習用 1,506 件 · 評価用 168 件')).toBeTruthy();
  expect(section.getByRole('heading', { level: 3 }).textContent).toBe('学習の経過3 / 1,200 ステップ · 残り 12 分');
  expect(section.getByText('評価損失', { selector: 'h4' }).parentElement?.textContent).toBe(
    '評価損失学習前3.10最新1.623 ステップ最良1.623 ステップ',
  );
  fireEvent.click(section.getByText('評価の一覧（2 回）'));
  expect(section.getAllByRole('listitem').map(({ textContent }) => textContent)).toContain('3 ステップ1.62');
});

test('where memory is short, models that hold some of it can be unloaded from all hosts', async () => {
  vi.spyOn(client, 'GET').mockResolvedValue({
    data: { items: [{ id: 'embedded' }, { id: 'gpu' }] },
    response: new Response(),
  });
  const post = vi.spyOn(client, 'POST').mockResolvedValue({ response: new Response(null, { status: 204 }) });
  await renderTraining(<NodeInspector id="tune" />, [
    tell({
      type: 'estimate',
      verdict: 'will-not-fit',
      memory: { needed: 4e9, free: 2.9e9, held: 1.3e9, device: 'cpu' },
      seconds: 480,
      steps: 1_200,
    }),
  ]);
  expect(screen.getByText(/読み込み済みのモデルが 1\.3 GB を使っています/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'モデルをメモリーから外す' }));
  expect((await screen.findByRole('status')).textContent).toContain('外しました');
  expect(post.mock.calls).toMatchObject([
    ['/api/model-hosts/{id}/unload', { params: { path: { id: 'embedded' } } }],
    ['/api/model-hosts/{id}/unload', { params: { path: { id: 'gpu' } } }],
  ]);
});

test('an estimate that could not be made says so', async () => {
  await renderTraining(<NodeInspector id="tune" />, [
    tell({
      type: 'estimate',
      verdict: 'tight',
      memory: { needed: 0, free: 2.9e9, held: 0, device: 'cpu' },
      seconds: 0,
      steps: 1_200,
    }),
  ]);
  expect(screen.getByText('見積もり · まだ分かりません')).toBeTruthy();
  expect(screen.getByText('空きメモリー 2.9 GB')).toBeTruthy();
});

test('what else was measured has a small chart each; a memory that is not there has none', async () => {
  await renderTraining(<NodeInspector id="tune" />, course);
  const names = screen.getAllByRole('figure').map((figure) => figure.textContent);
  expect(names).toContain('学習率2e-4');
  expect(names).toContain('速度412 トークン/秒');
  expect(names).toContain('メモリー2.1 GB');
  expect(names.some((name) => name?.startsWith('GPU'))).toBe(false);
  // The library of the large chart is read only now.
  expect(await screen.findByRole('img', { name: /評価損失は学習前 3\.10/ }, { timeout: 20_000 })).toBeTruthy();
});

test('the latest answers stand beside the first, under the questions of the settings', async () => {
  const { receive } = await renderTraining(<NodeInspector id="tune" />, course);
  const answer = (question: string) => screen.getByRole('heading', { name: question }).parentElement?.textContent;
  expect(answer('営業時間は？')).toContain('学習前わかりません。3 ステップ平日の 9 時から 18 時です。');
  expect(answer('返品できますか？')).toContain('（空の回答）');
  receive(tell({ type: 'samples', step: 6, answers: ['9 時からです。', '承ります。'] }, 6));
  expect(answer('営業時間は？')).toContain('6 ステップ9 時からです。');
  fireEvent.click(screen.getByRole('combobox', { name: '比べる時点' }));
  fireEvent.click(await screen.findByRole('option', { name: '3 ステップ' }));
  expect(answer('営業時間は？')).toContain('3 ステップ平日の 9 時から 18 時です。');
});

test('rows that were not used are told with their reason', async () => {
  await renderTraining(<NodeInspector id="tune" />, [
    tell({ type: 'row-left-out', id: 'faq.jsonl:12', reason: 'too-long' }),
    tell({ type: 'row-left-out', id: 'faq.jsonl:48', reason: 'no-trained-tokens' }),
    ...course,
  ]);
  const rows = screen.getByText('学習に使わなかった行 2 件').parentElement;
  expect(rows?.textContent).toContain('長さの上限を超えています1 件faq.jsonl:12');
  expect(rows?.textContent).toContain('学習する回答がありません1 件faq.jsonl:48');
});

test('a training is stopped once that is confirmed, and its button goes', async () => {
  const ask = vi.spyOn(client, 'POST').mockResolvedValue({ data: {}, response: new Response(null, { status: 202 }) });
  await renderTraining(<NodeInspector id="tune" />, course);
  fireEvent.click(screen.getByRole('button', { name: '止めて最良を残す' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(ask).not.toHaveBeenCalled();
  fireEvent.click(dialog.getByRole('button', { name: '止めて最良を残す' }));
  expect(await screen.findByText('実行中のステップが済みしだい終わります。')).toBeTruthy();
  expect(ask.mock.lastCall).toMatchObject([
    '/api/runs/{id}/nodes/{node}/stop',
    { params: { path: { id: 'run', node: 'tune' } } },
  ]);
  await waitFor(() => expect(screen.queryByRole('button', { name: '止めて最良を残す' })).toBeNull());
});

test('a training that is over cannot be stopped', async () => {
  await renderTraining(<NodeInspector id="tune" />, [...course, trained]);
  expect(screen.queryByRole('button', { name: '止めて最良を残す' })).toBeNull();
});

test('a model that was found again shows the curve of its training, from its card', async () => {
  const { queries, receive } = await renderTraining(<NodeInspector id="tune" />, []);
  const adapter = { digest: 'sha256:fe12' };
  const model: TunedModel = {
    ...{ id: 'm1', name: null, origin: 'trained', digest: adapter.digest, bytes: 1, run: null, node: null },
    ...{ base: { host: 'embedded', name: 'qwen', digest: null }, createdAt: at, updatedAt: at },
    card: {
      base: { name: 'qwen', digest: 'sha256:ab', licence: null },
      ...{ dataset: null, prompt: null, settings: null },
      training: {
        ...{ steps: 60, stopped: 'complete', evaluationLoss: { before: 3.1, best: 1.6 }, seconds: 90 },
        ...{ rows: { train: 48, evaluation: 12 }, tokens: { train: 9_000, trained: 3_000 } },
        ...{ hardware: 'CPU', device: 'cpu', precision: 'bfloat16', peakMemory: null },
        curve: [
          { step: 0, evaluationLoss: 3.1 },
          { step: 1, loss: 2.9 },
          { step: 60, loss: 0.4, evaluationLoss: 1.6 },
        ],
      },
    },
  };
  queries.setQueryData(tunedModelOfQuery(adapter.digest).queryKey, model);
  receive({
    ...trained,
    ...{ state: 'reused', milliseconds: 1 },
    sample: { model: [{ host: 'embedded', name: 'qwen', digest: null, adapter }] },
  });
  const section = within(screen.getByRole('region', { name: /学習の経過/ }));
  expect(section.getByText('学習用 48 件 · 評価用 12 件')).toBeTruthy();
  expect(section.getByRole('link', { name: 'モデルの記録を見る' }).getAttribute('href')).toBe('/tuned-models/m1');
  expect(section.getByText('評価損失', { selector: 'h4' }).parentElement?.textContent).toContain('最良1.6060 ステップ');
  expect(await section.findByRole('img', { name: /損失は 2\.90 から 0\.40/ }, { timeout: 20_000 })).toBeTruthy();
});

test('a training that was resumed says from where', async () => {
  const { receive } = await renderTraining(<NodeInspector id="tune" />, course);
  receive(...begin.slice(1), tell({ type: 'plan', steps: 1_200, resumedFrom: 2, rows: { train: 10, evaluation: 2 } }));
  expect(screen.getByText('2 ステップ目から再開しました。')).toBeTruthy();
  expect(screen.getByText(/2 \/ 1,200 ステップ/)).toBeTruthy();
});
