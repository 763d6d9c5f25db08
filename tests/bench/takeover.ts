import { setTimeout as wait } from 'node:timers/promises';
import { makeTemporaryFolder, startKumiki, startWorker } from '@kumiki/testkit/kumiki-process';
import { createFlow, followRun, type KumikiSession, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { type ScriptedModels, startScriptedModels } from '@kumiki/testkit/scripted-models';
import postgres from 'postgres';
import { openTestDatabase } from '../databases.ts';
import { makeRagFlow } from '../rag-flow.ts';
import { createRandom } from '../random.ts';
import { type Bench, type BenchRow, median } from './bench.ts';

const rounds = 7;
const documents = 12;
const batchSize = 4;
const longestTakeover = 15;
/** Heartbeats come every three seconds, so the moment of a death between two of them matters. */
const betweenHeartbeats = 3_000;
const lookMilliseconds = 10;

/**
 * How long a build lies still after its worker was killed: from SIGKILL until another worker has taken the run, by the
 * database's own count of attempts. The model holds the build in mid-work meanwhile.
 */
export const takeoverBench: Bench = {
  name: 'takeover',
  async run(log) {
    const models = await startScriptedModels();
    const database = await openTestDatabase('postgres');
    const { folder, remove } = await makeTemporaryFolder();
    const place = { dataFolder: folder, environment: { ...database.environment, OLLAMA_HOST: models.address } };
    const server = await startKumiki({ ...place, parameters: ['--without-work'] });
    const client = postgres(database.environment.DATABASE_URL ?? '', { max: 1, onnotice: () => {} });
    let working = await startWorker(place);
    try {
      const session = await server.signIn();
      const random = createRandom(1);
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const { run, pause } = await beginBuild(session, models, `warehouse ${round}`);
        const next = await startWorker(place);
        await wait(random() * betweenHeartbeats);
        const began = performance.now();
        await working.kill();
        working = next;
        await waitForAttempt(client, run, 2);
        seconds.push((performance.now() - began) / 1_000);
        log(`taken over after ${seconds.at(-1)?.toFixed(1)} s`);
        pause.release();
        const { end } = await followRun(session, run);
        if (end.state !== 'succeeded') throw new Error(`The build ended: ${JSON.stringify(end)}`);
      }
      return [row('median', median(seconds)), row('longest', Math.max(...seconds))];
    } finally {
      await client.end();
      await working.kill();
      await server.stop();
      await models.stop();
      await database.remove();
      await remove();
    }
  },
};

function row(which: string, value: number): BenchRow {
  return {
    figure: `takeover after kill -9 of a worker, ${which} of ${rounds}, postgres`,
    value,
    unit: 's',
    yardstick: null,
    ratio: null,
    target: `<= ${longestTakeover} s`,
    met: value <= longestTakeover,
  };
}

/** A build in the middle of its embeddings. */
async function beginBuild(session: KumikiSession, models: ScriptedModels, collection: string) {
  const files = Array.from({ length: documents }, (_, place) => [
    `${place}.txt`,
    `${collection}の担当者は山田${place}です。\n`,
  ]);
  await uploadCollection(session, collection, Object.fromEntries(files));
  const settings = { embed: { batchSize } };
  const { id: flow } = await createFlow(session, makeRagFlow({ collection, host: 'ollama', settings }));
  const pause = models.pauseEmbeddings(2 * batchSize);
  const { run } = await unwrap(
    session.client.POST('/api/flows/{id}/builds', { params: { path: { id: flow } }, body: {} }),
  );
  await pause.reached;
  return { run, pause };
}

async function waitForAttempt(client: postgres.Sql, run: string, attempt: number): Promise<void> {
  for (;;) {
    const [found] = await client`select attempt from runs where id = ${run}`;
    if (Number(found?.attempt) >= attempt) return;
    await wait(lookMilliseconds);
  }
}
