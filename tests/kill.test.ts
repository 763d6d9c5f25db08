import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readEmbeddedHashes } from '@kumiki/store/testing/build-traces';
import { makeTemporaryFolder, spawnKumiki, startKumiki } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  buildFlow,
  createFlow,
  followRun,
  putFiles,
  readAnswer,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds, openTestDatabase } from './databases.ts';
import { killFirstStart } from './kill-first-start.ts';
import { KillRange } from './kill-range.ts';
import { lookInside } from './look-inside.ts';
import { arm, makeRagFlow } from './rag-flow.ts';
import { chooseSeed } from './random.ts';
import { openStage, type Stage } from './stage.ts';

const documents = 12;
/** Chunks in one call to the model; each document is one chunk. */
const batch = 4;
/** In the middle of the third call: two have come back. */
const embeddedBefore = 2 * batch + 1;
/** By which Kumiki takes turns at migrating. */
const migrationLock = 7_305_442;
const question = '倉庫3の担当者は誰ですか？';

const write = (place: number) => `倉庫${place}の担当者は山田${place}です。\n`;
const rewrite = (place: number) => `倉庫${place}の担当者は佐藤${place}です。\n`;

describe.each(databaseKinds)('killed in mid-build, on the %s database', { timeout: 120_000 }, (kind) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(kind);
  });
  afterAll(() => stage.close());

  const draw = async (collection: string) => {
    const files = Array.from({ length: documents }, (_, place) => [`${collection}${place}.txt`, write(place)] as const);
    const id = await uploadCollection(stage.session, collection, Object.fromEntries(files));
    // Ollama's routes tell digests, without which no vector may be kept for later.
    const settings = { embed: { batchSize: batch } };
    const flow = (await createFlow(stage.session, makeRagFlow({ collection, host: 'ollama', settings }))).id;
    return { flow, collection: id };
  };

  /** Kills the process when the model is at its third call, of which it never gives an answer. */
  const killBuild = async (flow: string) => {
    const { session, models } = stage;
    const begun = models.embeddedPassages.length;
    const pause = models.pauseEmbeddings(embeddedBefore);
    const { run } = await unwrap(
      session.client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }),
    );
    await pause.reached;
    await stage.kumiki.kill();
    // Two calls are on their way at a time: of that which came back, only what was written down has to be kept.
    const hashes = await lookInside(stage, readEmbeddedHashes);
    const kept = models.embeddedPassages
      .slice(begun)
      .filter((text) => hashes.has(createHash('sha256').update(text).digest('hex')));
    expect(kept.length).toBeGreaterThanOrEqual(batch);
    return { run, pause, kept, startAgain: () => stage.startAgain() };
  };

  /** A build that is in the middle of its embeddings when the process is killed; the process runs again. */
  const killInMidBuild = async (collection: string) => {
    const { flow } = await draw(collection);
    return { flow, ...(await killBuild(flow)) };
  };

  const ask = async (flow: string, build?: number) =>
    readAnswer(await askFlow(stage.session, flow, { inputs: { question }, ...(build && { build }) }), arm).value;

  it('takes the build up again, embeds nothing twice that had come back, and ends it once', async () => {
    const { flow, run, pause, kept, startAgain } = await killInMidBuild('倉庫');
    pause.release();
    await startAgain();

    const { end } = await followRun(stage.session, run);
    expect(end).toMatchObject({ state: 'succeeded', build: 1 });
    const { embeddedPassages } = stage.models;
    for (const passage of kept) expect(embeddedPassages.filter((other) => other === passage)).toHaveLength(1);
    expect(new Set(embeddedPassages).size).toBe(documents);

    const all = await Array.fromAsync(readEvents(await stage.session.request(`/api/runs/${run}/events`)));
    expect(all.filter(({ event }) => event === 'run-end')).toHaveLength(1);
    expect(all.at(-1)?.event).toBe('run-end');
    const numbers = all.map(({ id }) => Number(id));
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    expect(new Set(numbers).size).toBe(numbers.length);

    const { items } = await unwrap(
      stage.session.client.GET('/api/flows/{id}/builds', { params: { path: { id: flow }, query: {} } }),
    );
    expect(items.map(({ number }) => number)).toEqual([1]);
    expect(await ask(flow)).toContain('山田3です');
  });

  it('lets the build be cancelled after the restart, and run again', async () => {
    const { flow, run, pause, startAgain } = await killInMidBuild('別館');
    await startAgain();
    await unwrap(stage.session.client.POST('/api/runs/{id}/cancel', { params: { path: { id: run } } }));
    expect((await followRun(stage.session, run)).end.state).toBe('cancelled');
    pause.release();
    expect((await buildFlow(stage.session, flow)).end).toMatchObject({ state: 'succeeded', build: 1 });
    expect(await ask(flow)).toContain('山田3です');
  });

  it('goes on with what had changed, while the build before it answers as it did', async () => {
    const { flow, collection } = await draw('新館');
    expect((await buildFlow(stage.session, flow)).end).toMatchObject({ state: 'succeeded', build: 1 });
    const changed = Array.from({ length: 3 * batch - 2 }, (_, place) => [`新館${place}.txt`, rewrite(place)] as const);
    await putFiles(stage.session, collection, Object.fromEntries(changed));
    const path = { id: collection, name: `新館${documents - 1}.txt` };
    const removed = await stage.session.client.DELETE('/api/collections/{id}/files/{name}', { params: { path } });
    expect(removed.error).toBeUndefined();
    const begun = stage.models.embeddedPassages.length;
    const { run, pause, kept, startAgain } = await killBuild(flow);
    pause.release();
    await startAgain();
    expect((await followRun(stage.session, run)).end).toMatchObject({ state: 'succeeded', build: 2 });

    const embedded = stage.models.embeddedPassages.slice(begun);
    // A passage is embedded below its document's name.
    const passages = changed.map(([name, text]) => `${name.replace('.txt', '')}\n${text.trim()}`);
    expect(new Set(embedded)).toEqual(new Set(passages));
    for (const passage of kept) expect(embedded.filter((other) => other === passage)).toHaveLength(1);
    expect(await ask(flow)).toContain('佐藤3です');
    expect(await ask(flow, 1)).toContain('山田3です');
    const { artifacts } = await unwrap(
      stage.session.client.GET('/api/flows/{id}/builds/{number}', { params: { path: { id: flow, number: 2 } } }),
    );
    const made = artifacts.find(({ node }) => node === 'index');
    expect(made?.value).toMatchObject({ index: { documents: documents - 1, chunks: documents - 1 } });
  });
});

describe('killed at a random moment of a build', { timeout: 120_000 }, () => {
  it.each([
    { kind: 'embedded', aims: ['a document', 'the end'] },
    { kind: 'postgres', aims: ['the closing', 'the artifact'] },
  ] as const)('goes on from what it had, on the $kind database', async ({ kind, aims }) => {
    const stage = await openStage(kind);
    try {
      const range = await KillRange.open(stage);
      const seed = chooseSeed('kills');
      for (const aim of aims) {
        const { hit } = await range.kill(aim, seed);
        console.log(`killed, aimed at ${aim}: hit ${hit}`);
      }
      await range.checkIndexes();
    } finally {
      await stage.close();
    }
  });
});

describe('killed during its first start', { timeout: 120_000 }, () => {
  it.each(['database.new/PG_VERSION', 'database/PG_VERSION'] as const)(
    'starts well where it came as far as %s',
    killFirstStart,
  );
});

it('killed while it brings a Postgres up to date, it starts well afterwards', { timeout: 120_000 }, async () => {
  const database = await openTestDatabase('postgres');
  const { folder, remove } = await makeTemporaryFolder();
  const options = { dataFolder: folder, environment: database.environment };
  const inside = postgres(database.environment.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
  try {
    const child = spawnKumiki(options);
    const gone = once(child, 'exit');
    const countMigrating = async () => {
      const locks = await inside`select 1 from pg_locks where locktype = 'advisory' and objid = ${migrationLock}`;
      return locks.length;
    };
    await expect.poll(countMigrating, { interval: 1 }).toBe(1);
    child.kill('SIGKILL');
    await gone;
    const kumiki = await startKumiki(options);
    try {
      const session = await kumiki.signIn();
      expect(await unwrap(session.client.GET('/api/flows', { params: { query: {} } }))).toMatchObject({ items: [] });
    } finally {
      expect(await kumiki.stop()).toBe(0);
    }
  } finally {
    await inside.end();
    await database.remove();
    await remove();
  }
});
