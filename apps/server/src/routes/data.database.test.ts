import type { ChatEvent } from '@kumiki/node-sdk';
import { createId, insertFinishedRuns, readRun, removeServer, showServer } from '@kumiki/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listChores } from '../chores.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawRag } from '../testing/sample-flows.ts';
import { findWords } from '../testing/search-database.ts';
import { defaultWorkspace } from '../workbench.ts';

const { signal } = new AbortController();
const fileName = 'ひみつ計画.txt';
const before = '合言葉はzanzibarです。金庫の番号は四七一一です。';
const after = '合言葉はtimbuktuに変わりました。金庫の番号は九九〇八です。';
const others = { 'cats.txt': '猫は夜に鳴きます。犬は朝に散歩します。', 'birds.txt': '鳥は朝に歌います。' };
const planted = ['zanzibar', 'timbuktu', '四七一一', '九九〇八', '合言葉', '金庫', 'ひみつ計画'];

let test: TestWorkbench;
let collection: string;
let flow: string;
beforeEach(async () => {
  test = await openTestWorkbench({ KUMIKI_GRACE_HOURS: '0' });
  collection = (await test.call('POST', '/api/collections', { name: 'docs' })).body.id;
  for (const [name, text] of Object.entries(others)) await put(name, text);
  flow = (await test.call('POST', '/api/flows', { document: drawRag('docs') })).body.id;
});
afterEach(() => test.close());

const put = (name: string, body: string) =>
  test.fetch(`/api/collections/${collection}/files/${encodeURIComponent(name)}`, { method: 'PUT', body });
const words = () => findWords(test.workbench.store.database, planted);
const document = { collection: 'docs', name: fileName };

async function build(): Promise<number> {
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  const end = (await test.followRun(run)).at(-1)?.event;
  expect(end).toMatchObject({ state: 'succeeded' });
  return end?.type === 'run-end' ? (end.build ?? 0) : 0;
}

/** Asks a build by a run of its own, which keeps its events. Gives the events and what was answered. */
async function ask(question: string, number: number) {
  const { id } = (
    await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question }, version: 1, build: number })
  ).body;
  const events = (await test.followRun(id)).map(({ event }) => event);
  const end = events.at(-1);
  expect(end).toMatchObject({ state: 'succeeded' });
  const output = end?.type === 'run-end' ? end.outputs?.answer : undefined;
  return { id, events, answer: output?.state === 'answered' ? String(output.value) : '' };
}

async function publish(slug: string, number: number): Promise<void> {
  const routes = [{ flow, version: 1, build: number, output: 'answer', weight: 1 }];
  expect((await test.call('POST', '/api/endpoints', { slug, follow: false, routes })).status).toBe(201);
}

/** What is done every hour. */
async function clearUp(): Promise<void> {
  const { running, store, ...others } = test.workbench;
  const { recorder } = running;
  const parts = { ...others, workspace: defaultWorkspace, database: store.database, recorder };
  for (const { run } of listChores(parts)) await run(signal);
}

/** Artifacts that are indexes, newest first. */
async function listIndexes(): Promise<readonly unknown[]> {
  const { items } = (await test.call('GET', '/api/artifacts')).body;
  return items.filter(({ nodeType }: { nodeType: string }) => nodeType === 'index/pgvector');
}

const callEndpoint = (slug: string, question: string, more = {}, headers = {}) =>
  test.call('POST', `/v1/endpoints/${slug}`, { inputs: { question }, ...more }, headers);

describe('forgetting a document', () => {
  it('leaves no word of it anywhere, while old builds go on answering without it', async () => {
    const unrelated = await ask('鳥は歌いますか', await build());
    await put(fileName, before);
    const first = await build();
    await publish('pinned', first);
    await put(fileName, after);
    const second = await build();
    const form = new FormData();
    form.set('file', new File([before], fileName));
    expect((await test.fetch('/api/files', { method: 'POST', body: form })).status).toBe(201);
    const asked = await ask('合言葉は何ですか', first);
    expect(asked.answer).toContain('zanzibar');
    expect((await ask('金庫の番号は', second)).answer).toContain('九九〇八');
    const called = await callEndpoint('pinned', '合言葉は', {}, { 'idempotency-key': 'k1' });
    expect(called.body.output).toContain('zanzibar');

    const dry = (await test.call('POST', '/api/forget', { document, dryRun: true })).body;
    expect(dry).toMatchObject({
      state: 'would-go',
      files: [
        { collection: 'docs', name: fileName },
        { collection: null, name: fileName },
      ],
      indexed: { indexes: 1, documents: 2, chunks: 2 },
      artifacts: [{ nodeType: 'index/pgvector' }, { nodeType: 'index/pgvector' }],
      builds: [
        { flow, number: first },
        { flow, number: second },
      ],
      models: [],
    });
    expect(dry.runs).toBeGreaterThanOrEqual(5);
    expect((await words()).length).toBeGreaterThan(20);
    expect((await ask('合言葉は何ですか', first)).answer).toContain('zanzibar');

    const { body } = await test.call('POST', '/api/forget', { document, dryRun: false });
    expect(body).toMatchObject({ state: 'gone', indexed: dry.indexed, files: dry.files });
    expect(await words()).toEqual([]);
    for (const { sha256 } of dry.files) expect(await test.workbench.blobs.has(sha256)).toBe(false);

    for (const number of [first, second]) {
      const { answer } = await ask('鳥は朝に歌いますか', number);
      expect(answer).toContain(others['birds.txt']);
      expect(answer).not.toMatch(/zanzibar|timbuktu/);
    }
    expect((await callEndpoint('pinned', '合言葉は')).body.output).not.toContain('zanzibar');
    // That it ran is still told, to whoever follows it again as well.
    expect((await test.call('GET', `/api/runs/${asked.id}`)).body).toMatchObject({ state: 'succeeded', outputs: null });
    expect((await test.followRun(asked.id)).map(({ event }) => event.type)).toEqual(
      asked.events.map(({ type }) => type),
    );
    expect((await test.call('GET', `/api/runs/${unrelated.id}`)).body.outputs).not.toBeNull();
    expect((await test.call('POST', '/api/forget', { document, dryRun: true })).body).toMatchObject({
      files: [],
      indexed: { documents: 0 },
      runs: 0,
      artifacts: [],
    });
  });

  it('is not undone by a lookup: what comes again is made again', async () => {
    await put(fileName, before);
    const first = await build();
    await test.call('POST', '/api/forget', { document });
    expect(await listIndexes()).toMatchObject([{ redacted: true, builds: [{ flow, number: first }] }]);
    const embedded = test.host.embeddedTexts.length;
    const without = await build();
    expect(test.host.embeddedTexts).toHaveLength(embedded);
    expect((await ask('合言葉は', without)).answer).not.toContain('zanzibar');
    await put(fileName, before);
    const again = await build();
    expect(test.host.embeddedTexts.length).toBeGreaterThan(embedded);
    expect((await ask('合言葉は', again)).answer).toContain('zanzibar');
    expect((await ask('合言葉は', first)).answer).not.toContain('zanzibar');
  });

  it('takes back what a build that was under way had read, when it has ended', async () => {
    await put(fileName, before);
    const [reading, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const embed = test.host.embed.bind(test.host);
    vi.spyOn(test.host, 'embed').mockImplementation(async (request, aborted) => {
      reading.resolve();
      await goOn.promise;
      return embed(request, aborted);
    });
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    await reading.promise;
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('waiting');
    goOn.resolve();
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ type: 'run-end' });
    await vi.waitFor(async () => {
      await clearUp();
      expect(await words()).toEqual([]);
    });
  });

  it('waits for what another server on the same database may be answering', async () => {
    const { kind, database } = test.workbench.store;
    // Nobody else has the embedded database open.
    if (kind === 'embedded') return;
    await put(fileName, before);
    const other = createId();
    await showServer(database, other);
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('waiting');
    await removeServer(database, other);
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('gone');
  });

  it('takes back an answer that was being given, when it is written down', async () => {
    await put(fileName, before);
    await publish('pinned', await build());
    const [answering, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    vi.spyOn(test.host, 'chat').mockImplementation(async function* (): AsyncGenerator<ChatEvent, undefined, undefined> {
      answering.resolve();
      await goOn.promise;
      yield { type: 'delta', text: before };
      yield { type: 'end', usage: { promptTokens: 1, completionTokens: 1 }, reason: 'stop' };
      return undefined;
    });
    const called = callEndpoint('pinned', '合言葉は', {}, { 'idempotency-key': 'k1' });
    await answering.promise;
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('waiting');
    goOn.resolve();
    expect((await called).body.output).toBe(before);
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('gone');
    expect(await words()).toEqual([]);
  });

  it('makes a build that is writing the index begin that generation again, without it', async () => {
    await put(fileName, before);
    await build();
    await put('more.txt', '亀は長生きです。');
    const [reading, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const embed = test.host.embed.bind(test.host);
    vi.spyOn(test.host, 'embed').mockImplementation(async (request, aborted) => {
      reading.resolve();
      await goOn.promise;
      return embed(request, aborted);
    });
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    await reading.promise;
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('waiting');
    goOn.resolve();
    const end = (await test.followRun(run)).at(-1)?.event;
    expect(end).toMatchObject({ type: 'run-end', state: 'succeeded' });
    const at = { workspace: defaultWorkspace, run };
    expect((await readRun(test.workbench.store.database, at)).attempt).toBe(2);
    expect((await ask('亀は', end?.type === 'run-end' ? (end.build ?? 0) : 0)).answer).toContain('長生き');
    await test.call('POST', '/api/forget', { document });
    expect(await words()).toEqual([]);
  });

  it('goes on where it was interrupted, although nothing names the document any more', async () => {
    await put(fileName, before);
    const first = await build();
    await ask('合言葉は何ですか', first);
    const { blobs, contents } = test.workbench;
    vi.spyOn(contents, 'release').mockRejectedValueOnce(new Error('killed'));
    expect((await test.call('POST', '/api/forget', { document })).status).toBe(500);
    expect((await test.call('GET', `/api/collections/${collection}/files`)).body.items).toHaveLength(2);
    await clearUp();
    expect(await words()).toEqual([]);
    for await (const { bytes } of blobs.list()) expect(bytes).not.toBe(Buffer.byteLength(before));
  });

  it('takes the name of one that could never be read, and its copies under other names', async () => {
    await put('ひみつ計画.pdf', 'not a PDF at all');
    await test.call('POST', '/api/collections', { name: 'copies' });
    const copies = (await test.call('GET', '/api/collections')).body.items[0].id;
    await test.fetch(`/api/collections/${copies}/files/copy.pdf`, { method: 'PUT', body: 'not a PDF at all' });
    await build();
    expect((await words()).some((place) => place.startsWith('public.index_failures'))).toBe(true);
    const unread = { collection: 'docs', name: 'ひみつ計画.pdf' };
    const { body } = await test.call('POST', '/api/forget', { document: unread });
    expect(body).toMatchObject({
      state: 'gone',
      files: [
        { collection: 'copies', name: 'copy.pdf' },
        { collection: 'docs', name: 'ひみつ計画.pdf' },
      ],
      indexed: { documents: 0 },
      runs: 1,
    });
    expect(await words()).toEqual([]);
  });

  it('can be asked for by its content', async () => {
    await put(fileName, before);
    await build();
    const { sha256 } = (await test.call('GET', `/api/collections/${collection}/files`)).body.items.find(
      ({ name }: { name: string }) => name === fileName,
    );
    expect((await test.call('POST', '/api/forget', { document: { sha256 } })).body.state).toBe('gone');
    expect(await words()).toEqual([]);
    expect((await test.call('POST', '/api/forget', { document: { sha256: 'x' } })).status).toBe(422);
  });
});

describe('forgetting a person', () => {
  it('takes their questions, and nobody else’s', async () => {
    const first = await build();
    await publish('open', first);
    await callEndpoint('open', 'zanzibarの猫は', { subject: 'hanako' }, { 'idempotency-key': 'k1' });
    await callEndpoint('open', 'timbuktuの猫は', { subject: 'hanako' });
    await callEndpoint('open', '鳥は', { subject: 'taro' });
    expect((await test.call('POST', '/api/forget', { subject: 'hanako', dryRun: true })).body).toMatchObject({
      state: 'would-go',
      runs: 2,
    });
    expect((await words()).length).toBeGreaterThan(1);
    const body = (await test.call('POST', '/api/forget', { subject: 'hanako' })).body;
    expect(body).toMatchObject({ state: 'gone', runs: 2, files: [] });
    expect(await findWords(test.workbench.store.database, [...planted, 'hanako'])).toEqual([]);
    const { items } = (await test.call('GET', '/api/runs?endpoint=open')).body;
    expect(items).toMatchObject([{ inputs: { question: '鳥は' } }]);
  });
});

describe('collecting', () => {
  it('tells what would go, takes it, and leaves what a build names and what files hold', async () => {
    const first = await build();
    await put('more.txt', '亀は長生きです。');
    const { id } = (await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question: 'x' }, only: ['index'] }))
      .body;
    await test.followRun(id);
    await test.workbench.blobs.put(
      (async function* () {
        yield Buffer.from('nobody names this');
      })(),
      signal,
    );
    expect(await listIndexes()).toHaveLength(2);
    const dry = (await test.call('POST', '/api/artifacts/collect', { dryRun: true })).body;
    expect(dry).toMatchObject({ dryRun: true, artifacts: 1, indexes: 0, contents: 1, contentBytes: 17 });
    const went = (await test.call('POST', '/api/artifacts/collect', { dryRun: false })).body;
    expect(went).toEqual({ ...dry, dryRun: false });
    expect((await test.call('POST', '/api/artifacts/collect', { dryRun: true })).body).toMatchObject({
      artifacts: 0,
      contents: 0,
    });
    expect(await listIndexes()).toMatchObject([{ builds: [{ flow, number: first }] }]);
    expect((await ask('鳥は朝に歌いますか', first)).answer).toContain(others['birds.txt']);
    expect((await test.fetch(`/api/collections/${collection}/files/more.txt`)).status).toBe(200);
  });

  it('is done every hour, when old runs have gone', async () => {
    const first = await build();
    await put('more.txt', '亀は長生きです。');
    await build();
    await publish('open', first);
    await callEndpoint('open', '鳥は');
    const { database } = test.workbench.store;
    await test.workbench.running.recorder.settle();
    const old = { workspace: defaultWorkspace, kind: 'question', flow, version: 1 } as const;
    const [startedAt, endedAt] = [new Date(0), new Date(1)];
    const run = { ...old, id: '00000000-0000-7000-8000-000000000001', startedAt, endedAt };
    await insertFinishedRuns(database, [{ run, result: { state: 'succeeded' } }]);
    expect((await test.call('GET', '/api/runs?kind=question')).body.items).toHaveLength(2);
    await clearUp();
    expect((await test.call('GET', '/api/runs?kind=question')).body.items).toHaveLength(1);
    // Both builds are there, and so is all that they name.
    expect((await test.call('GET', '/api/runs?kind=build')).body.items).toHaveLength(2);
    expect(await listIndexes()).toHaveLength(2);
  });
});
