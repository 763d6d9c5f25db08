import type { FlowDocument } from '@kumiki/flow';
import type { Example } from '@kumiki/node-sdk';
import { createArtifactStore, insertBuild } from '@kumiki/store';
import { buildFlowDocument } from '@kumiki/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listChores } from '../chores.ts';
import { createDataSetAccess } from '../runs/data-set-access.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { findWords } from '../testing/search-database.ts';
import { defaultWorkspace } from '../workbench.ts';

const { signal } = new AbortController();
const secrets = ['zanzibar', '四七一一'];
const row = (question: string, answer: string) => `${JSON.stringify({ instruction: question, output: answer })}\n`;
const files = {
  'secret.jsonl': row('合言葉は？', 'zanzibarです') + row('金庫の番号は？', '四七一一です'),
  // After the other by name, so that a part of the other is among the first examples.
  'usual.jsonl': Array.from({ length: 30 }, (_, place) =>
    row(`質問${place}番は何ですか`, `その答えは${place}です`),
  ).join(''),
};

function drawDataSet(): FlowDocument {
  return buildFlowDocument('Data set')
    .node('load', 'load/conversations', { collection: 'talks' })
    .node('make', 'dataset/from-conversations', { evaluationShare: 0 })
    .node('split', 'dataset/split', { evaluationShare: 0.3 })
    .wire('load.conversations', 'make.conversations')
    .wire('make.dataset', 'split.dataset')
    .build();
}

let test: TestWorkbench;
let collection: string;
let flow: string;
beforeEach(async () => {
  test = await openTestWorkbench({ KUMIKI_GRACE_HOURS: '0' });
  collection = (await test.call('POST', '/api/collections', { name: 'talks' })).body.id;
  for (const [name, body] of Object.entries(files)) await put(name, body);
  flow = (await test.call('POST', '/api/flows', { document: drawDataSet() })).body.id;
});
afterEach(() => test.close());

const put = (name: string, body: string) =>
  test.fetch(`/api/collections/${collection}/files/${encodeURIComponent(name)}`, { method: 'PUT', body });

async function build() {
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  const end = (await test.followRun(run)).at(-1)?.event;
  expect(end).toMatchObject({ state: 'succeeded' });
  return end?.type === 'run-end' ? (end.build ?? 0) : 0;
}

async function listDataSets(): Promise<readonly { fingerprint: string; nodeType: string; redacted: boolean }[]> {
  const { items } = (await test.call('GET', '/api/artifacts')).body;
  return items.filter(({ nodeType }: { nodeType: string }) => nodeType.startsWith('dataset/'));
}

async function findDataSet(nodeType: string): Promise<string> {
  const found = (await listDataSets()).find((one) => one.nodeType === nodeType);
  if (found === undefined) throw new Error(`No ${nodeType}`);
  return found.fingerprint;
}

const getExamples = (fingerprint: string, query = '') =>
  test.call('GET', `/api/artifacts/${fingerprint}/examples${query}`);

/** Contents of data sets that lie in the blob store, whoever names them. */
async function listContents(): Promise<readonly Example[][]> {
  const contents: Example[][] = [];
  const datasets = createDataSetAccess({ blobs: test.workbench.blobs, signal });
  for await (const { sha256 } of test.workbench.blobs.list()) {
    const examples = await Array.fromAsync<Example>(datasets.read({ sha256 })).catch(() => []);
    if (examples.every((example) => 'trained' in example)) contents.push(examples);
  }
  return contents;
}

/** A build beside the others, of a model that learned from data sets. */
async function tuneOn(datasets: readonly string[]): Promise<void> {
  const { database } = test.workbench.store;
  const tuned = { fingerprint: 'tuned', lineage: 'tuned', nodeType: 'finetune/lora', outputs: {}, contents: [] };
  await createArtifactStore(database).save(defaultWorkspace, tuned);
  const build = { workspace: defaultWorkspace, flow, version: 1, run: null, nodes: {}, models: [] };
  await insertBuild(database, { ...build, fingerprints: [...datasets, 'tuned'] });
}

async function clearUp(): Promise<void> {
  const { running, store, ...others } = test.workbench;
  const parts = { ...others, workspace: defaultWorkspace, database: store.database, recorder: running.recorder };
  for (const { run } of listChores(parts)) await run(signal);
}

describe('the examples of a data set', () => {
  it('are told page by page, of both sides or of one', async () => {
    await build();
    const fingerprint = await findDataSet('dataset/split');
    const first = (await getExamples(fingerprint, '?limit=20')).body;
    expect(first.items).toHaveLength(20);
    expect(first.examples.train + first.examples.evaluation).toBe(32);
    expect(first.report.map(({ code }: { code: string }) => code)).toContain('statistics');
    const second = (await getExamples(fingerprint, `?limit=20&cursor=${first.next}`)).body;
    expect(second).toMatchObject({ next: null });
    const ids = [...first.items, ...second.items].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(32);
    const evaluation: { split: string }[] = [];
    for (let query = '?split=evaluation&limit=3'; ; ) {
      const { items, next } = (await getExamples(fingerprint, query)).body;
      evaluation.push(...items);
      if (next === null) break;
      query = `?split=evaluation&limit=3&cursor=${next}`;
    }
    expect(evaluation).toHaveLength(first.examples.evaluation);
    expect(evaluation.every(({ split }) => split === 'evaluation')).toBe(true);
    expect(first.items[0]).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant' }],
      trained: [1],
      passages: null,
    });
  });

  it('are refused by name where there are none', async () => {
    const unknown = 'a'.repeat(64);
    expect(await getExamples(unknown)).toMatchObject({ status: 404, body: { code: 'artifact-unknown' } });
    await build();
    const fingerprint = await findDataSet('dataset/split');
    expect(await getExamples(fingerprint, '?cursor=x')).toMatchObject({
      status: 400,
      body: { code: 'cursor-invalid' },
    });
    for await (const { sha256 } of test.workbench.blobs.list()) await test.workbench.blobs.delete(sha256);
    expect(await getExamples(fingerprint)).toMatchObject({ status: 404, body: { code: 'dataset-missing' } });
  });
});

describe('the contents of data sets', () => {
  it('stay as long as a build names them, and go with the flow', async () => {
    await build();
    await clearUp();
    expect((await listContents()).map(({ length }) => length).toSorted()).toEqual([32, 32]);
    expect((await getExamples(await findDataSet('dataset/split'))).status).toBe(200);
    expect((await test.call('DELETE', `/api/flows/${flow}`)).status).toBe(204);
    await clearUp();
    await clearUp();
    expect(await listDataSets()).toEqual([]);
    expect(await listContents()).toEqual([]);
  });

  it('are found again where nothing has changed, and made anew where a file was added', async () => {
    await build();
    const before = await listDataSets();
    await build();
    expect(await listDataSets()).toHaveLength(before.length);
    await put('more.jsonl', row('新しい質問', '新しい答え'));
    await build();
    expect(await listDataSets()).toHaveLength(before.length + 2);
  });
});

describe('forgetting a document that examples were made of', () => {
  const document = { collection: 'talks', name: 'secret.jsonl' };

  it('leaves no word of it in data sets, nor in what was made of those, and keeps the other examples', async () => {
    await build();
    const fingerprints = (await listDataSets()).map(({ fingerprint }) => fingerprint);
    await tuneOn(fingerprints);
    expect((await findWords(test.workbench.store.database, secrets)).length).toBeGreaterThan(0);

    const dry = (await test.call('POST', '/api/forget', { document, dryRun: true })).body;
    expect(dry.artifacts.map(({ nodeType }: { nodeType: string }) => nodeType).toSorted()).toEqual([
      'dataset/from-conversations',
      'dataset/split',
      'finetune/lora',
    ]);
    // A model cannot unlearn: whoever asks is told which to train anew.
    expect(dry.models).toEqual([{ fingerprint: 'tuned', nodeType: 'finetune/lora' }]);
    expect((await test.call('POST', '/api/forget', { document })).body).toMatchObject({ state: 'gone' });

    expect(await findWords(test.workbench.store.database, secrets)).toEqual([]);
    const contents = await listContents();
    expect(contents.map(({ length }) => length)).toEqual([30, 30]);
    expect(JSON.stringify(contents)).not.toMatch(/zanzibar|四七一一/);
    for (const fingerprint of fingerprints) {
      const { body } = await getExamples(fingerprint, '?limit=200');
      expect(body.items).toHaveLength(30);
      expect(body.examples.train + body.examples.evaluation).toBe(30);
    }
    expect((await listDataSets()).every(({ redacted }) => redacted)).toBe(true);
    // What stays is named, so that clearing up leaves it alone.
    await clearUp();
    expect(await listContents()).toHaveLength(2);
  });

  it('reaches earlier contents of the file as well, and is made anew without it', async () => {
    await build();
    await put('secret.jsonl', row('合言葉は？', 'タンブクトゥです'));
    await build();
    await test.call('POST', '/api/forget', { document });
    expect(await findWords(test.workbench.store.database, [...secrets, 'タンブクトゥ'])).toEqual([]);
    expect(JSON.stringify(await listContents())).not.toMatch(/zanzibar|四七一一|タンブクトゥ/);
    await build();
    const { items } = (await test.call('GET', '/api/artifacts')).body;
    expect(items.filter(({ redacted }: { redacted: boolean }) => !redacted)).toHaveLength(2);
  });
});
