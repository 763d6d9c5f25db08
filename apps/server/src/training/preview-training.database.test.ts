import { readFile } from 'node:fs/promises';
import { expect, it, type TestContext } from 'vitest';
import { drawTunedOnConversations, openTuningWorkbench } from '../testing/open-tuning-workbench.ts';

type Row = {
  readonly state: string;
  readonly id: string;
  readonly line: number;
  readonly reason?: string;
  readonly sequences: readonly { readonly tokens: readonly { readonly text: string; readonly trained: boolean }[] }[];
};

const talk = (question: string, answer: string) =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })}\n`;

const talks = [
  talk('送料は いくら ですか', '全国 一律 500円 です'),
  talk('お届けは いつ ですか', `${'とても '.repeat(40)}長い 回答 です`),
  talk('返品は できますか', '8日 以内なら 承ります'),
];

/** A flow whose data set is built, and whose model is not. */
async function open(test: TestContext, source: Parameters<typeof openTuningWorkbench>[1] = {}) {
  const workbench = await openTuningWorkbench({}, source);
  test.onTestFinished(() => workbench.close());
  const { call } = workbench;
  const { body: collection } = await call('POST', '/api/collections', { name: 'chats' });
  await call('PUT', `/api/collections/${collection.id}/files/chats.jsonl`, talks.join(''));
  const document = drawTunedOnConversations('chats');
  const nodes = {
    ...document.nodes,
    data: { ...document.nodes.data, settings: { evaluationShare: 0 } },
    tune: { ...document.nodes.tune, settings: { maximumLength: 16 } },
  };
  const { body: flow } = await call('POST', '/api/flows', { document: { ...document, nodes } });
  return {
    ...workbench,
    collection: String(collection.id),
    getRows: (query = '', node = 'tune') => call('GET', `/api/flows/${flow.id}/nodes/${node}/training-rows${query}`),
    async buildDataSet() {
      const { body } = await call('POST', `/api/flows/${flow.id}/runs`, { only: ['data'] });
      expect((await workbench.followRun(body.id)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
    },
  };
}

const readTexts = (row: Row | undefined, isWanted: (trained: boolean) => boolean) =>
  row?.sequences.map(({ tokens }) => tokens.flatMap(({ text, trained }) => (isWanted(trained) ? [text] : [])).join(''));

it('shows what a node would learn, token by token, before anything is trained', async (test) => {
  const { getRows, buildDataSet, starts } = await open(test);
  await buildDataSet();
  const { status, body } = await getRows();
  expect({ status, ...body }).toMatchObject({ status: 200, model: 'fake-chat', maximumLength: 16, next: null });
  const [first, second, third, ...more]: readonly Row[] = body.items;
  expect(more).toEqual([]);
  expect(first).toMatchObject({ state: 'learnt', line: 1, split: 'train' });
  expect(readTexts(first, () => true)).toEqual(['<user> 送料は いくら ですか<assistant> 全国 一律 500円 です']);
  expect(readTexts(first, (trained) => trained)).toEqual(['全国 一律 500円 です']);
  expect(second).toMatchObject({ state: 'left-out', line: 2, reason: 'too-long' });
  expect(third).toMatchObject({ state: 'learnt', line: 3 });
  expect(await readFile(starts, 'utf8')).not.toContain('train');
});

it('goes through the rows page by page', async (test) => {
  const { getRows, buildDataSet } = await open(test);
  await buildDataSet();
  const { body: first } = await getRows('?limit=2');
  expect(first.items.map(({ line }: Row) => line)).toEqual([1, 2]);
  const { body: second } = await getRows(`?limit=2&cursor=${first.next}`);
  expect(second).toMatchObject({ items: [{ line: 3 }], next: null });
  expect(await getRows('?cursor=x')).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } });
});

it('lists the rows of one state alone, and how many it went through for them', async (test) => {
  const { getRows, buildDataSet } = await open(test);
  await buildDataSet();
  const { body: leftOut } = await getRows('?state=left-out');
  expect(leftOut).toMatchObject({ items: [{ line: 2, reason: 'too-long' }], read: 3, next: null });
  const { body: first } = await getRows('?state=learnt&limit=1');
  expect(first).toMatchObject({ items: [{ line: 1 }], read: 1, next: '1' });
  const { body: second } = await getRows(`?state=learnt&limit=1&cursor=${first.next}`);
  expect(second).toMatchObject({ items: [{ line: 3 }], read: 2, next: null });
  expect((await getRows('?state=lost')).status).toBe(422);
});

it('names what is missing: the data set, the trainer, or the file of the model', async (test) => {
  const missing: { trainer: boolean; file: boolean } = { trainer: true, file: true };
  const { getRows, buildDataSet, workbench, call, collection } = await open(test);
  expect(await getRows()).toMatchObject({ status: 409, body: { code: 'not-built', node: 'data' } });
  await buildDataSet();
  const { trainer, embedded } = workbench;
  Object.assign(trainer, {
    find: async () => (missing.trainer ? null : trainer.open(new AbortController().signal, () => {})),
  });
  const { findModelFile } = embedded;
  Object.assign(embedded, { findModelFile: async (name: string) => (missing.file ? null : findModelFile(name)) });
  expect(await getRows()).toMatchObject({ status: 409, body: { code: 'trainer-not-installed' } });
  missing.trainer = false;
  expect(await getRows()).toMatchObject({ status: 409, body: { code: 'model-not-fetched' } });
  missing.file = false;
  expect((await getRows()).status).toBe(200);
  await call('PUT', `/api/collections/${collection}/files/more.jsonl`, talk('営業時間は', '9時 から です'));
  expect(await getRows()).toMatchObject({ status: 409, body: { code: 'not-built', node: 'data' } });
});

it('is asked of nodes that train only', async (test) => {
  const { getRows, buildDataSet } = await open(test);
  await buildDataSet();
  expect(await getRows('', 'data')).toMatchObject({ status: 404, body: { code: 'node-without-training' } });
  expect(await getRows('', 'nobody')).toMatchObject({ status: 404, body: { code: 'node-without-training' } });
  expect(await getRows('?version=7')).toMatchObject({ status: 404, body: { code: 'version-unknown' } });
});
