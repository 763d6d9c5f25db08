import type { FlowDocument } from '@kumiki/flow';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { useCitedDocument } from '../../documents/cited-document.ts';
import type { RunControl } from '../../run/run-control.ts';
import type { RunEvent } from '../../run/run-state.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import { testDocument } from '../../testing/test-flow.ts';
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

async function renderAsk(control: Partial<RunControl> = {}, document = flowWithArms('answer')) {
  const ask = vi.fn(async (_: Parameters<RunControl['ask']>[0]) => {
    view.runs.getState().expect('run', 'question');
    return 'run';
  });
  const view = await renderEditor(<AskPanel />, document, { ask, ...control });
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

test('a flow without an output says what is missing', async () => {
  await renderAsk({}, testDocument);
  expect(screen.getByText('「出力」を置いてつなぐと質問できます。')).toBeTruthy();
});
