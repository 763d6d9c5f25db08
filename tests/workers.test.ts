import { makeTemporaryFolder, startKumiki, startWorker, type WorkerProcess } from '@kumiki/testkit/kumiki-process';
import {
  createFlow,
  followRun,
  type KumikiSession,
  readAnswer,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runKumiki } from './command.ts';
import { openTestDatabase, type TestDatabase } from './databases.ts';
import { arm, articles, makeRagFlow } from './rag-flow.ts';

const documents = 12;
const batch = 4;
const patience = { timeout: 60_000, interval: 50 };

/** A server that only serves, on a real Postgres, and workers of their own. */
describe('workers beside a server', { timeout: 180_000 }, () => {
  let models: ScriptedModels;
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
  let server: Awaited<ReturnType<typeof startKumiki>>;
  let session: KumikiSession;
  const workers: WorkerProcess[] = [];

  beforeAll(async () => {
    models = await startScriptedModels();
    database = await openTestDatabase('postgres');
    folder = await makeTemporaryFolder();
    server = await startKumiki({ ...place(), parameters: ['--without-work'] });
    session = await server.signIn();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  });
  afterAll(async () => {
    await server?.stop();
    await models?.stop();
    await database?.remove();
    await folder?.remove();
  });

  const place = () => ({
    dataFolder: folder.folder,
    environment: { ...database.environment, OLLAMA_HOST: models.address },
  });

  async function hire(): Promise<WorkerProcess> {
    const worker = await startWorker(place());
    workers.push(worker);
    return worker;
  }

  async function startBuild(flow: string): Promise<string> {
    const path = { params: { path: { id: flow } }, body: {} };
    return (await unwrap(session.client.POST('/api/flows/{id}/builds', path))).run;
  }

  /** A build in the middle of its embeddings, in the hands of a worker. */
  async function beginBuild(collection: string) {
    const files = Array.from({ length: documents }, (_, number) => {
      return [`${collection}${number}.txt`, `${collection}${number}の担当者は山田${number}です。\n`] as const;
    });
    await uploadCollection(session, collection, Object.fromEntries(files));
    const settings = { embed: { batchSize: batch } };
    const { id: flow } = await createFlow(session, makeRagFlow({ collection, host: 'ollama', settings }));
    const first = await hire();
    const pause = models.pauseEmbeddings(2 * batch + 1);
    const run = await startBuild(flow);
    await pause.reached;
    return { flow, run, first, pause };
  }

  async function listEvents(run: string) {
    return Array.fromAsync(readEvents(await session.request(`/api/runs/${run}/events`)));
  }

  it('leave a run waiting until one is there, and show its text to readers of the server while it is written', async () => {
    await uploadCollection(session, 'faq', articles);
    const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'faq', host: 'ollama' }));
    const build = await startBuild(flow);
    expect((await unwrap(session.client.GET('/api/runs/{id}', { params: { path: { id: build } } }))).state).toBe(
      'queued',
    );
    await hire();
    expect((await followRun(session, build)).end.state).toBe('succeeded');

    const pause = models.pauseChats(2);
    const inputs = { question: '年額プランは返金されますか？' };
    const { id: run } = await unwrap(
      session.client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: { inputs } }),
    );
    const events = readEvents(await session.request(`/api/runs/${run}/events`));
    const seen: string[] = [];
    for await (const { event = '' } of events) {
      seen.push(event);
      // The model is held in mid-answer: what comes now was not waited for until the end.
      if (event === 'text-delta') break;
    }
    expect(seen).toContain('text-delta');
    pause.release();
    expect(readAnswer(await followRun(session, run), arm).value).toContain('14日以内');
  });

  it('stop at the model when a run is cancelled at the server', async () => {
    await uploadCollection(session, 'cancelled', articles);
    const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'cancelled', host: 'ollama' }));
    await hire();
    expect((await followRun(session, await startBuild(flow))).end.state).toBe('succeeded');
    const pause = models.pauseChats(1);
    const inputs = { question: 'バックアップは何時ですか？' };
    const { id: run } = await unwrap(
      session.client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: { inputs } }),
    );
    await pause.reached;
    const abandoned = models.abandonedChats();
    await unwrap(session.client.POST('/api/runs/{id}/cancel', { params: { path: { id: run } } }));
    expect((await followRun(session, run)).end.state).toBe('cancelled');
    await vi.waitFor(() => expect(models.abandonedChats()).toBe(abandoned + 1), patience);
    pause.release();
  });

  it('take over from one that was killed, and embed nothing twice that had come back', async () => {
    const { run, first, pause } = await beginBuild('倉庫');
    const kept = models.embeddedPassages.slice(-2 * batch - 1);
    await hire();
    await first.kill();
    pause.release();
    expect((await followRun(session, run)).end).toMatchObject({ state: 'succeeded', build: 1 });
    const settled = kept.slice(0, 2 * batch);
    for (const passage of settled) {
      expect(models.embeddedPassages.filter((other) => other === passage)).toHaveLength(1);
    }
    const events = await listEvents(run);
    expect(events.filter(({ event }) => event === 'run-end')).toHaveLength(1);
  });

  it('take over from one that is frozen, which writes nothing more when it thaws', async () => {
    const { flow, run, first, pause } = await beginBuild('書庫');
    first.freeze();
    await hire();
    pause.release();
    expect((await followRun(session, run)).end).toMatchObject({ state: 'succeeded', build: 1 });
    const before = await listEvents(run);
    first.thaw();
    // Whatever it still does, it is done with it when it has taken and ended another run.
    await workers.at(-1)?.kill();
    const next = await startBuild(flow);
    expect((await followRun(session, next)).end).toMatchObject({ state: 'succeeded', build: 2 });
    expect(await listEvents(run)).toEqual(before);
    const { items } = await unwrap(
      session.client.GET('/api/flows/{id}/builds', { params: { path: { id: flow }, query: {} } }),
    );
    expect(items.map(({ number, run: by }) => [number, by])).toEqual([
      [2, next],
      [1, run],
    ]);
  });

  it('are refused on the embedded database, with what to do', async () => {
    const { code, stderr } = await runKumiki(['worker', '--json'], { dataFolder: folder.folder });
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'worker-needs-server' });
  });
});
