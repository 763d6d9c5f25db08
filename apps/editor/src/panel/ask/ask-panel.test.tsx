import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { useCitedDocument } from '../../documents/cited-document.ts';
import type { RunControl } from '../../run/run-control.ts';
import type { RunEvent } from '../../run/run-state.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { describeType, testDocument, testTypes } from '../../testing/test-flow.ts';
import { AskPanel } from './ask-panel.tsx';
import { useAsked } from './ask-store.ts';
import type { Citation } from './read-answer.ts';

afterEach(() => {
  cleanup();
  useAsked.setState({ entries: [] });
  useCitedDocument.setState({ place: null });
});

const flowWithArms = (...arms: string[]): FlowDocument => ({
  ...testDocument,
  nodes: {
    ...testDocument.nodes,
    ...Object.fromEntries(
      arms.map((name, place) => [
        name,
        { type: 'output', version: 1, settings: { name }, position: { x: 0, y: place * 100 } },
      ]),
    ),
  },
});

const at = '2026-11-23T09:00:00.000Z';
const delta = (text: string): RunEvent => ({ type: 'text-delta', node: 'llm', output: 'answer', text });

const citation: Citation = {
  number: 1,
  kind: 'marker',
  documentId: 'files/faq.md',
  documentName: 'faq.md',
  headings: ['料金', '返金'],
  page: null,
  start: 0,
  end: 20,
  text: '返金は日割りで計算します。',
  quote: '返金は日割りで計算します。',
  answerStart: 3,
  answerEnd: 6,
};

const answered = (value: unknown, citations: Citation[]): RunEvent => ({
  type: 'run-end',
  state: 'succeeded',
  outputs: { answer: { state: 'answered', value, citations } },
  usage: { promptTokens: 1912, completionTokens: 148 },
  error: null,
  build: null,
  at: '2026-11-23T09:00:04.000Z',
});

async function renderAsk(control: Partial<RunControl> = {}, document = flowWithArms('answer'), types = testTypes) {
  const ask = vi.fn(async (_: Parameters<RunControl['ask']>[0]) => {
    view.runs.getState().expect('run', 'question');
    return 'run';
  });
  const view = await renderEditor(<AskPanel />, document, { ask, ...control }, types);
  const receive = (...events: RunEvent[]) => act(() => view.runs.getState().receive('run', events));
  const type = (text: string) => {
    const field = screen.getByRole('textbox', { name: 'question' });
    fireEvent.change(field, { target: { value: text } });
    return field;
  };
  const send = async (text: string) => {
    fireEvent.keyDown(type(text), { key: 'Enter' });
    await waitFor(() => expect(useAsked.getState().entries.at(-1)?.run).toBe('run'));
  };
  return { ...view, ask, receive, type, send };
}

test('Enter sends the question to the arm, and empties the field', async () => {
  const { ask, send } = await renderAsk();
  await send('返金は？');
  expect(ask).toHaveBeenCalledWith({ inputs: { question: '返金は？' }, output: 'answer' });
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'question' }).value).toBe('');
  expect(screen.getByRole('button', { name: '返金は？' })).toBeTruthy();
});

test('Enter that ends a composition sends nothing, however the browser tells of it', async () => {
  const { ask, type } = await renderAsk();
  const field = type('へんきん');
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
  expect(ask).not.toHaveBeenCalled();
});

test('Shift+Enter and an empty question send nothing', async () => {
  const { ask, type } = await renderAsk();
  fireEvent.keyDown(type('一行目'), { key: 'Enter', shiftKey: true });
  fireEvent.keyDown(type('  '), { key: 'Enter' });
  expect(ask).not.toHaveBeenCalled();
});

test('the answer streams, its markers become chips, and at the end they open what they cite', async () => {
  const { receive, send } = await renderAsk();
  await send('返金は？');
  receive({ type: 'run-start', kind: 'question', at }, delta('日割り'), delta('[1]で'));
  const live = screen.getByRole('article');
  expect(live.textContent).toContain('日割り');
  expect(within(live).getByText('1').className).toContain('chip');
  expect(within(live).queryByRole('button', { name: /faq\.md/ })).toBeNull();

  receive(answered('日割り[1]です。', [citation]));
  fireEvent.click(within(live).getByRole('button', { name: '引用 1：faq.md を開く' }));
  expect(useCitedDocument.getState().place).toMatchObject({ documentId: 'files/faq.md', start: 0, end: 20 });
  expect(live.textContent).toContain('入 1,912 · 出 148 トークン');
});

test('citations stand beside the answer; a match of sentences is marked as one', async () => {
  const { receive, send } = await renderAsk();
  await send('返金は？');
  receive(answered('日割りです。', [{ ...citation, kind: 'sentence', answerStart: 0, answerEnd: 6 }]));
  const beside = screen.getByRole('complementary', { name: '引用' });
  expect(within(beside).getByText('文の一致')).toBeTruthy();
  expect(within(beside).getByText('返金は日割りで計算します。')).toBeTruthy();
});

test('a value that is no text is told as it is, not as Markdown', async () => {
  const { receive, send } = await renderAsk();
  await send('返金は？');
  receive(answered({ a_b: '*1*' }, []));
  expect(screen.getByRole('article').querySelector('pre')?.textContent).toBe('{\n  "a_b": "*1*"\n}');
});

test('while an answer comes, the button stops it and nothing else is sent', async () => {
  const stop = vi.fn(async () => undefined);
  const { ask, receive, send, type } = await renderAsk({ stop });
  await send('返金は？');
  receive({ type: 'run-start', kind: 'question', at });
  fireEvent.keyDown(type('次'), { key: 'Enter' });
  expect(ask).toHaveBeenCalledTimes(1);
  fireEvent.click(screen.getByRole('button', { name: '止める' }));
  expect(stop).toHaveBeenCalledWith('run');
});

test('a flow that is not built says so and builds, then asks again', async () => {
  const texts = { en: 'Not built.', ja: '索引がまだ構築されていません。' };
  let refuses = true;
  const ask = vi.fn(async () => {
    if (refuses) throw new ApiError({ code: 'not-built', status: 409, texts });
    return 'run';
  });
  const build = vi.fn(async () => 'build-run');
  const { runs, type } = await renderAsk({ ask, build });
  fireEvent.keyDown(type('返金は？'), { key: 'Enter' });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain(texts.ja);

  refuses = false;
  runs.getState().expect('build-run', 'build');
  fireEvent.click(within(alert).getByRole('button', { name: '構築して質問し直す' }));
  await waitFor(() => expect(build).toHaveBeenCalled());
  act(() =>
    runs
      .getState()
      .receive('build-run', [
        { type: 'run-end', state: 'succeeded', outputs: null, usage: null, error: null, build: 1, at },
      ]),
  );
  await waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
});

test('several arms can be asked one by one or side by side', async () => {
  const { ask, send } = await renderAsk({}, flowWithArms('RAG', '学習済み'));
  fireEvent.click(screen.getByRole('radio', { name: '学習済み' }));
  await send('返金は？');
  expect(ask).toHaveBeenLastCalledWith({ inputs: { question: '返金は？' }, output: '学習済み' });
});

test('side by side names each arm over its answer', async () => {
  const { ask, receive, send } = await renderAsk({}, flowWithArms('RAG', '学習済み'));
  fireEvent.click(screen.getByRole('radio', { name: '並べる' }));
  await send('返金は？');
  expect(ask).toHaveBeenLastCalledWith({ inputs: { question: '返金は？' } });
  receive({
    type: 'run-end',
    state: 'succeeded',
    outputs: {
      RAG: { state: 'answered', value: 'はい。', citations: [] },
      学習済み: { state: 'skipped' },
    },
    usage: null,
    error: null,
    build: null,
    at,
  });
  const article = screen.getByRole('article');
  expect(within(article).getByRole('heading', { name: 'RAG' })).toBeTruthy();
  expect(within(article).getByText('この案は、今回は回答しませんでした。')).toBeTruthy();
});

/** Two arms, each with a model of its own that is asked the same. */
function flowOfTwoModels() {
  const place = (y: number) => ({ x: 0, y });
  const write = { type: 'generate/llm', version: 1, settings: {} };
  const output = { type: 'output', version: 1 };
  const document: FlowDocument = {
    ...testDocument,
    nodes: {
      ...testDocument.nodes,
      base: { ...write, position: place(0) },
      tuned: { ...write, position: place(100) },
      first: { ...output, settings: { name: 'もとのモデル' }, position: place(0) },
      second: { ...output, settings: { name: '調整済み' }, position: place(100) },
    },
    edges: [
      { from: 'question.value', to: 'base.prompt' },
      { from: 'question.value', to: 'tuned.prompt' },
      { from: 'base.answer', to: 'first.value' },
      { from: 'tuned.answer', to: 'second.value' },
    ],
  };
  const model = describeType('generate/llm', { inputs: { prompt: 'text' }, outputs: { answer: 'text' } });
  return { document, types: new Map([...testTypes, ['generate/llm', model] as const]) };
}

type NodeEnd = Extract<RunEvent, { type: 'node-end' }>;

const nodeEnd = (node: string, milliseconds: number, tokens: number | null = null): NodeEnd => ({
  type: 'node-end',
  node,
  state: 'succeeded',
  milliseconds,
  counts: {},
  sample: {},
  usage: tokens === null ? null : { promptTokens: 48, completionTokens: tokens },
  warnings: [],
  documentErrors: [],
  error: null,
});

async function askBoth() {
  const { document, types } = flowOfTwoModels();
  const view = await renderAsk({}, document, types);
  fireEvent.click(screen.getByRole('radio', { name: '並べる' }));
  await view.send('返金は？');
  const arm = (name: string) => screen.getByRole('region', { name });
  const text = (node: string, output: string, text: string): RunEvent => ({ type: 'text-delta', node, output, text });
  view.receive(
    { type: 'run-start', kind: 'question', at },
    { type: 'node-start', node: 'base', at },
    { type: 'node-start', node: 'tuned', at },
    text('base', 'もとのモデル', '14 日以内'),
  );
  return { ...view, arm, text };
}

const bothAnswered = (citations: Citation[] = []): RunEvent[] => [
  nodeEnd('base', 2_900, 96),
  { type: 'node-start', node: 'first', at: '2026-11-23T09:00:02.900Z' },
  nodeEnd('first', 0),
  nodeEnd('tuned', 3_600, 121),
  { type: 'node-start', node: 'second', at: '2026-11-23T09:00:03.600Z' },
  nodeEnd('second', 0),
  {
    type: 'run-end',
    state: 'succeeded',
    outputs: {
      調整済み: { state: 'answered', value: '8 日以内です。', citations },
      もとのモデル: { state: 'answered', value: '14 日以内です。', citations: [] },
    },
    usage: { promptTokens: 96, completionTokens: 217 },
    error: null,
    build: null,
    at: '2026-11-23T09:00:04.000Z',
  },
];

test('arms that are asked together have their places from the start, and stream together', async () => {
  const { arm, text, receive } = await askBoth();
  expect(screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'))).toEqual([
    'もとのモデル',
    '調整済み',
  ]);
  expect(arm('もとのモデル').textContent).toContain('生成中');
  expect(arm('調整済み').textContent).toContain('実行中');
  receive(text('tuned', '調整済み', '8 日'), text('base', 'もとのモデル', 'です'));
  expect(arm('もとのモデル').textContent).toContain('14 日以内です');
  expect(arm('調整済み').textContent).toContain('8 日');
});

test('each of them has its own times and tokens, in the order in which they are drawn', async () => {
  const { arm, receive } = await askBoth();
  receive(...bothAnswered());
  expect(screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'))).toEqual([
    'もとのモデル',
    '調整済み',
  ]);
  expect(arm('もとのモデル').textContent).toContain('全体 2.9 秒');
  expect(arm('もとのモデル').textContent).toContain('入 48 · 出 96 トークン');
  expect(arm('もとのモデル').textContent).toContain('最初の文字');
  expect(arm('調整済み').textContent).toContain('全体 3.6 秒');
  expect(arm('調整済み').textContent).toContain('入 48 · 出 121 トークン');
  // It did not stream, so nobody knows when it began.
  expect(arm('調整済み').textContent).not.toContain('最初の文字');
});

test('what each arm cites stands below its answer', async () => {
  const { arm, receive } = await askBoth();
  receive(...bothAnswered([citation]));
  expect(screen.queryByRole('complementary', { name: '引用' })).toBeNull();
  expect(within(arm('調整済み')).getByText('引用 1 件')).toBeTruthy();
  expect(within(arm('調整済み')).getByText('返金は日割りで計算します。')).toBeTruthy();
  expect(within(arm('もとのモデル')).queryByText(/^引用/)).toBeNull();
});

test('where the answers differ can be marked', async () => {
  const { arm, receive } = await askBoth();
  receive(...bothAnswered());
  expect(arm('調整済み').querySelector('mark')).toBeNull();
  fireEvent.click(screen.getByRole('switch', { name: '違いに印を付ける' }));
  await waitFor(() => expect(arm('調整済み').querySelector('mark')?.textContent).toBe('8'), { timeout: 20_000 });
  expect(arm('もとのモデル').querySelector('mark')?.textContent).toBe('14');
  fireEvent.click(screen.getByRole('switch', { name: '違いに印を付ける' }));
  expect(arm('調整済み').querySelector('mark')).toBeNull();
});

test('an arm that fails says so, and the other one goes on', async () => {
  const { arm, text, receive } = await askBoth();
  const error = {
    code: 'model-unreachable',
    message: { en: 'Gone.', ja: '接続できません。' },
    retryable: false,
    node: 'tuned',
    path: null,
  };
  receive({ ...nodeEnd('tuned', 10), state: 'failed', error }, text('base', 'もとのモデル', 'です'));
  expect(arm('調整済み').textContent).toContain('失敗');
  expect(arm('もとのモデル').textContent).toContain('14 日以内です');
});

test('a flow without an output says what is missing', async () => {
  await renderAsk({}, testDocument);
  expect(screen.getByText('「出力」を置いてつなぐと質問できます。')).toBeTruthy();
});
