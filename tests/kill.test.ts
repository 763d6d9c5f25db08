import { once } from 'node:events';
import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, spawnKumiki, startKumiki } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  buildFlow,
  createFlow,
  followRun,
  readAnswer,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { arm, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const documents = 12;
/** Chunks in one call to the model; each document is one chunk. */
const batch = 4;
/** In the middle of the third call: two have come back. */
const embeddedBefore = 2 * batch + 1;
const question = '倉庫3の担当者は誰ですか？';

const write = (place: number) => `倉庫${place}の担当者は山田${place}です。\n`;

describe.each(databaseKinds)('killed in mid-build, on the %s database', { timeout: 120_000 }, (kind) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(kind);
  });
  afterAll(() => stage.close());

  /** A build that is in the middle of its embeddings when the process is killed; the process runs again. */
  const killInMidBuild = async (collection: string) => {
    const { session, models } = stage;
    const files = Array.from({ length: documents }, (_, place) => [`${collection}${place}.txt`, write(place)] as const);
    await uploadCollection(session, collection, Object.fromEntries(files));
    // Ollama's routes tell digests, without which no vector may be kept for later.
    const settings = { embed: { batchSize: batch } };
    const flow = (await createFlow(session, makeRagFlow({ collection, host: 'ollama', settings }))).id;
    const begun = models.embeddedPassages.length;
    const pause = models.pauseEmbeddings(embeddedBefore);
    const { run } = await unwrap(
      session.client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }),
    );
    await pause.reached;
    await stage.kumiki.kill();
    const kept = models.embeddedPassages.slice(begun, begun + 2 * batch);
    expect(kept).toHaveLength(2 * batch);
    return { flow, run, pause, kept, startAgain: () => stage.startAgain() };
  };

  const ask = async (flow: string) =>
    readAnswer(await askFlow(stage.session, flow, { inputs: { question } }), arm).value;

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
});

describe('killed during its first start', { timeout: 120_000 }, () => {
  /** In the order in which they come up; whatever is half there must not be in the way. */
  it.each(['kumiki.lock', 'database.new/PG_VERSION', 'database/PG_VERSION', 'secret.key'])(
    'starts well where it came as far as %s',
    async (name) => {
      const { folder, remove } = await makeTemporaryFolder();
      try {
        const child = spawnKumiki({ dataFolder: folder });
        const gone = once(child, 'exit');
        await waitForFile(join(folder, name));
        child.kill('SIGKILL');
        await gone;
        const kumiki = await startKumiki({ dataFolder: folder });
        try {
          const session = await kumiki.signIn();
          expect(await unwrap(session.client.GET('/api/flows', { params: { query: {} } }))).toMatchObject({
            items: [],
          });
        } finally {
          expect(await kumiki.stop()).toBe(0);
        }
      } finally {
        await remove();
      }
    },
  );
});

function waitForFile(path: string): Promise<void> {
  return new Promise((resolve) => {
    watchFile(path, { interval: 5 }, ({ nlink }) => {
      if (nlink === 0) return;
      unwatchFile(path);
      resolve();
    });
  });
}
