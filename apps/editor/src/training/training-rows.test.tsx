import type { FlowDocument } from '@kumiki/flow';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import type { TrainingRow } from '../api/training.ts';
import { NodeInspector } from '../inspector/node-inspector.tsx';
import { renderEditor } from '../testing/render-editor.tsx';
import { describeType, testDocument, testTypes } from '../testing/test-flow.ts';
import { TrainingRows } from './training-rows.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const types = new Map([
  ...testTypes,
  ['dataset/test', describeType('dataset/test', { outputs: { dataset: 'dataset' }, makesArtifact: true })] as const,
  ['finetune/lora', describeType('finetune/lora', { inputs: { dataset: 'dataset' }, makesArtifact: true })] as const,
]);

const place = { x: 0, y: 0 };
const document: FlowDocument = {
  ...testDocument,
  nodes: {
    data: { type: 'dataset/test', version: 1, settings: {}, position: place, title: '窓口の教材' },
    tune: { type: 'finetune/lora', version: 1, settings: {}, position: place },
  },
  edges: [{ from: 'data.dataset', to: 'tune.dataset' }],
};

const asked = ['<|user|>', '送料', 'は？', '\n<|assistant|>'].map((text) => ({ text, trained: false }));
const answered = ['500', '円です。', '<|end|>'].map((text) => ({ text, trained: true }));

const learnt = (line: number, split: 'train' | 'evaluation' = 'train'): TrainingRow => ({
  state: 'learnt',
  id: `chats.jsonl#${line}`,
  line,
  split,
  sequences: [{ tokens: [...asked, ...answered, { text: '\n', trained: false }] }],
});

const page = (items: readonly TrainingRow[], next: string | null = null) => ({
  data: { items, next, read: items.length, model: 'qwen', maximumLength: 1_024 },
  response: new Response(),
});

const refusal = (code: string, ja: string, node?: string) => ({
  error: { type: '', title: '', status: 409, detail: ja, code, texts: { en: ja, ja }, ...(node && { node }) },
  response: new Response(null, { status: 409 }),
});

async function openRows(ask = vi.fn(async () => 'run')) {
  const { queries } = await renderEditor(<TrainingRows node="tune" />, document, { ask }, types);
  // Here lists are read: the only one is what this is about.
  queries.setDefaultOptions({ queries: { enabled: true } });
  fireEvent.click(screen.getByRole('button', { name: 'モデルが読む形で見る' }));
  return within(await screen.findByRole('dialog', { name: 'モデルが読む形（finetune/lora）' }, { timeout: 20_000 }));
}

test('a row stands there as the model reads it; what is learnt is marked, and said in words', async () => {
  vi.spyOn(client, 'GET').mockResolvedValue(page([learnt(1), learnt(2, 'evaluation')]));
  const drawer = await openRows();
  const [first, second, ...more] = await drawer.findAllByRole('listitem');
  expect(more).toEqual([]);
  expect(first?.querySelector('h4')?.textContent).toBe('1 行目chats.jsonl#18 トークン（学習 3）学習用');
  expect(second?.querySelector('h4')?.textContent).toContain('評価用');
  const text = first?.querySelector('h4 + div')?.textContent;
  expect(text).toBe('<|user|>送料は？\n<|assistant|>［学習ここから］500円です。<|end|>［学習ここまで］\n');
  expect([...(first?.querySelectorAll('mark') ?? [])].map((mark) => mark.textContent)).toEqual([
    '［学習ここから］500円です。<|end|>［学習ここまで］',
  ]);
  expect(drawer.getByText(/qwen · 1 行の上限 1,024 トークン/)).toBeTruthy();
});

test('rows that are not learnt are listed apart, with line and reason', async () => {
  const leftOut = (line: number, reason: 'too-long' | 'no-passages'): TrainingRow => ({
    state: 'left-out',
    ...{ id: `chats.jsonl#${line}`, line, split: 'train', reason },
  });
  vi.spyOn(client, 'GET').mockResolvedValue(page([learnt(1), leftOut(2, 'too-long'), leftOut(5, 'no-passages')]));
  const drawer = await openRows();
  const list = await drawer.findByRole('region', { name: '学習に使わない行（ここまでの 3 行のうち 2 行）' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['2 行目chats.jsonl#2長さの上限を超えています', '5 行目chats.jsonl#5ひな形に必要な抜粋がありません']);
});

test('rows that are not learnt can be looked at alone, among all that were gone through for them', async () => {
  const get = vi.spyOn(client, 'GET').mockResolvedValue(page([learnt(1)], '20'));
  const drawer = await openRows();
  await drawer.findByText('1 行目');
  const none = page([], '500');
  get.mockResolvedValueOnce({ ...none, data: { ...none.data, read: 500 } });
  fireEvent.click(drawer.getByRole('switch', { name: '学習に使わない行だけを表示' }));
  expect(await drawer.findByText('ここまでの 500 行は、すべて学習に使います。')).toBeTruthy();
  expect(get.mock.lastCall).toMatchObject([expect.any(String), { params: { query: { state: 'left-out' } } }]);
  get.mockResolvedValue(
    page([{ state: 'left-out', id: 'chats.jsonl#501', line: 501, split: 'train', reason: 'too-long' }]),
  );
  fireEvent.click(drawer.getByRole('button', { name: 'もっと見る' }));
  expect(await drawer.findByRole('region', { name: '学習に使わない行（ここまでの 501 行のうち 1 行）' })).toBeTruthy();
  expect(get.mock.lastCall).toMatchObject([
    expect.any(String),
    { params: { query: { state: 'left-out', cursor: '500' } } },
  ]);
});

test('more rows come a page at a time', async () => {
  const get = vi.spyOn(client, 'GET').mockResolvedValueOnce(page([learnt(1)], '20'));
  const drawer = await openRows();
  get.mockResolvedValue(page([learnt(21)]));
  fireEvent.click(await drawer.findByRole('button', { name: 'もっと見る' }));
  expect(await drawer.findByText('21 行目')).toBeTruthy();
  expect(get.mock.lastCall).toMatchObject([
    '/api/flows/{id}/nodes/{node}/training-rows',
    { params: { path: { id: 'flow', node: 'tune' }, query: { cursor: '20' } } },
  ]);
});

test('what is missing is said, and asked for again when it is there', async () => {
  const get = vi.spyOn(client, 'GET').mockResolvedValueOnce(refusal('model-not-fetched', '取得してください。'));
  const drawer = await openRows();
  expect((await drawer.findByRole('alert')).textContent).toBe('取得してください。');
  expect(drawer.queryByRole('button', { name: /だけを実行する/ })).toBeNull();
  get.mockResolvedValue(page([learnt(1)]));
  fireEvent.click(drawer.getByRole('button', { name: 'もう一度試す' }));
  expect(await drawer.findByText('1 行目')).toBeTruthy();
  expect(drawer.queryByRole('alert')).toBeNull();
});

test('a data set that is not there yet is made from here, without any training', async () => {
  vi.spyOn(client, 'GET').mockResolvedValue(refusal('not-built', 'まだつくられていません。', 'data'));
  const ask = vi.fn(async () => 'run');
  const drawer = await openRows(ask);
  fireEvent.click(await drawer.findByRole('button', { name: '「窓口の教材」だけを実行する' }));
  await waitFor(() => expect(ask).toHaveBeenCalledWith(expect.objectContaining({ only: ['data'] })));
  expect(await drawer.findByText(/終わったら、もう一度/)).toBeTruthy();
});

test('only nodes that fine-tune have it', async () => {
  await renderEditor(<NodeInspector id="tune" />, document, {}, types);
  expect(screen.getByRole('region', { name: /学習する内容/ })).toBeTruthy();
  cleanup();
  await renderEditor(<NodeInspector id="data" />, document, {}, types);
  expect(screen.queryByRole('region', { name: /学習する内容/ })).toBeNull();
});
