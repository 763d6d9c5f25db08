import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { examplesQuery } from '../../api/artifacts.ts';
import { client } from '../../api/client.ts';
import { renderEditor } from '../../testing/render-editor.tsx';
import type { KeptValue } from '../use-kept-value.ts';
import { SampleView } from './sample-view.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const example = (id: string, split: 'train' | 'evaluation') => ({
  id,
  split,
  documents: ['talks/october.jsonl'],
  group: id,
  messages: [
    { role: 'system', content: 'ていねいに答えます。' },
    { role: 'user', content: '荷物が届きません。' },
    { role: 'assistant', content: 'お調べします。' },
    { role: 'user', content: 'お願いします。' },
    { role: 'assistant', content: '本日中に届く予定です。' },
  ],
  trained: [4],
  passages: [{ documentName: '配送.md', text: '3 日以内に発送します。' }],
});

const dataSet = {
  sha256: 'a'.repeat(64),
  bytes: 1_800_000,
  examples: { train: 1_506, evaluation: 168 },
  report: [
    {
      code: 'duplicate',
      message: { en: 'Examples that were there already were left out.', ja: '同じ内容の例を除きました。' },
      count: 37,
      places: [{ document: 'talks/october.jsonl', line: 301, detail: 'ありがとうございます。' }],
    },
    { code: 'too-long', message: { en: 'Too long.', ja: '長すぎる例を除きました。' }, count: 4, places: [] },
  ],
  preview: [example('a', 'train'), example('b', 'evaluation'), example('c', 'train'), example('d', 'train')],
};

const show = (kind: 'dataset' | 'conversations', items: readonly unknown[], kept: KeptValue | null = null) =>
  renderEditor(<SampleView kind={kind} items={items} total={items.length} first={5} words={new Set()} kept={kept} />);

test('a data set says how many examples it has for what, and what was found on the way, with the places', async () => {
  await show('dataset', [dataSet]);
  expect(screen.getByText('1,506 件')).toBeTruthy();
  expect(screen.getByText('168 件')).toBeTruthy();
  const report = within(screen.getByRole('region', { name: '整える途中で分かったこと' }));
  fireEvent.click(report.getByText('同じ内容の例を除きました。'));
  const place = report.getByText('ありがとうございます。').closest('li');
  expect(place?.textContent).toContain('october.jsonl');
  expect(place?.textContent).toContain('301 行目');
  expect(report.getByText('最初の 1 件の場所を示しています。')).toBeTruthy();
});

test('an example is a conversation; only answers that are learnt are marked as such', async () => {
  await show('dataset', [dataSet]);
  const [first] = screen.getAllByText('本日中に届く予定です。');
  expect(first?.closest('[data-trained]')?.textContent).toContain('学習する');
  const [context] = screen.getAllByText('お調べします。');
  expect(context?.closest('[data-trained]')).toBeNull();
  expect(screen.getAllByText('一緒に渡す抜粋 1 件')).toHaveLength(3);
});

test('what stands for masked data is marked, and a citation is not', async () => {
  const [first, ...others] = dataSet.preview;
  const messages = [
    { role: 'user', content: '[氏名1] です。[電話番号12] へお願いします[3]。' },
    { role: 'assistant', content: '[MY_NUMBER1] は不要です。' },
  ];
  await show('dataset', [{ ...dataSet, preview: [{ ...first, messages, trained: [1] }, ...others] }]);
  const marked = [...document.querySelectorAll('mark')].map(({ textContent }) => textContent);
  expect(marked).toEqual(['[氏名1]', '[電話番号12]', '[MY_NUMBER1]']);
});

test('all examples can be seen where a build keeps the very data set', async () => {
  await show('dataset', [dataSet]);
  expect(screen.queryByRole('button', { name: 'すべての例を見る' })).toBeNull();
  cleanup();
  await show('dataset', [{ ...dataSet, report: [] }], { fingerprint: 'f1', value: dataSet });
  expect(screen.getByRole('button', { name: 'すべての例を見る' })).toBeTruthy();
  // The sample of a run is cut; the build has all of it.
  expect(screen.getByText('同じ内容の例を除きました。')).toBeTruthy();
  cleanup();
  await show('dataset', [dataSet], { fingerprint: 'f1', value: { ...dataSet, sha256: 'b'.repeat(64) } });
  expect(screen.queryByRole('button', { name: 'すべての例を見る' })).toBeNull();
});

test('all examples are paged through, all of them or those of one split', async () => {
  const { queries } = await show('dataset', [dataSet], { fingerprint: 'f1', value: dataSet });
  const whole = { examples: dataSet.examples, report: [] };
  const page = (id: string, split: 'train' | 'evaluation', next: string | null) => ({
    ...whole,
    items: [{ ...example(id, split), trained: [], passages: null, messages: [{ role: 'user' as const, content: id }] }],
    next,
  });
  const seed = (split: 'evaluation' | null, first: ReturnType<typeof page>) =>
    queries.setQueryData(examplesQuery('f1', split).queryKey, { pages: [first], pageParams: [null] });
  seed(null, page('最初の例', 'train', '50'));
  seed('evaluation', page('評価の例', 'evaluation', null));
  const get = vi
    .spyOn(client, 'GET')
    .mockResolvedValue({ data: page('次の例', 'train', null), response: new Response() });
  fireEvent.click(screen.getByRole('button', { name: 'すべての例を見る' }));
  const drawer = within(await screen.findByRole('dialog', { name: '教材の例（1,674 件）' }));
  expect(drawer.getAllByText('最初の例').length).toBeGreaterThan(0);
  fireEvent.click(drawer.getByRole('button', { name: 'もっと見る' }));
  expect((await drawer.findAllByText('次の例')).length).toBeGreaterThan(0);
  expect(get.mock.lastCall).toMatchObject([
    '/api/artifacts/{fingerprint}/examples',
    { params: { path: { fingerprint: 'f1' }, query: { limit: 50, cursor: '50' } } },
  ]);
  fireEvent.click(drawer.getByRole('radio', { name: '評価用' }));
  expect(drawer.getAllByText('評価の例').length).toBeGreaterThan(0);
  expect(drawer.queryByText('最初の例')).toBeNull();
});

test('what is no data set is shown as it is', async () => {
  await show('dataset', [{ examples: 3 }]);
  expect(screen.getByText(/"examples": 3/)).toBeTruthy();
});

test('a conversation tells who said what and when; a speaker without a name by the role', async () => {
  await show('conversations', [
    {
      document: { id: 'talks/october.jsonl', name: 'october.jsonl' },
      item: {
        id: '1',
        line: 12,
        utterances: [
          { speaker: '窓口', role: null, text: 'ご用件をどうぞ。', at: '2026-10-03T00:12:00Z' },
          { speaker: '', role: 'user', text: '[氏名1] です。', at: null },
          { speaker: '', role: null, text: '…', at: null },
        ],
      },
    },
  ]);
  expect(screen.getByText('12 行目')).toBeTruthy();
  const [first, second, third] = within(screen.getByText('ご用件をどうぞ。').closest('ol') ?? document.body)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
  expect(first).toMatch(/^窓口10\/3 \d\d:12ご用件をどうぞ。$/);
  expect(second).toBe('利用者[氏名1] です。');
  expect(document.querySelector('mark')?.textContent).toBe('[氏名1]');
  expect(third).toBe('話者不明…');
});
