import { setTimeout as wait } from 'node:timers/promises';
import { startWorker, type WorkerProcess } from '@kumiki/testkit/kumiki-process';
import { createFlow, followRun, type KumikiSession, unwrap, uploadCollection } from '@kumiki/testkit/kumiki-session';
import type { PostgresPower } from '@kumiki/testkit/postgres';
import { expect } from 'vitest';
import { expectProblem } from './problems.ts';
import { callHelp, publishHelp } from './questions.ts';
import { makeRagFlow } from './rag-flow.ts';
import type { Stage } from './stage.ts';

const documents = 12;
const batch = 4;
const pollMilliseconds = 1_000;

export type Outage = {
  /** Requests while the database was away, each of which was told to come back. */
  readonly refused: number;
  /** The slowest of them, in milliseconds. */
  readonly slowest: number;
  /** From the moment that the database was back until the build had ended. */
  readonly resumedAfter: number;
};

/**
 * Takes the database away in mid-build, for so long, from a server and a worker beside it. Everybody who asks meanwhile is
 * told to come back; no process ends; the build goes on and embeds nothing again that was kept.
 */
export async function outlastOutage(stage: Stage, power: PostgresPower, milliseconds: number): Promise<Outage> {
  const { session, models, kumiki } = stage;
  await publishHelp(session);
  const worker = await startWorker({
    dataFolder: stage.dataFolder,
    environment: { ...stage.database.environment, OLLAMA_HOST: models.address },
  });
  try {
    const { run, pause, kept } = await beginBuild(stage);
    await power.off();
    pause.release();
    let refused = 0;
    let slowest = 0;
    try {
      for (const until = performance.now() + milliseconds; performance.now() < until; await wait(pollMilliseconds)) {
        const waited = await askAll(session);
        refused += waited.length;
        slowest = Math.max(slowest, ...waited);
        expectRunning(kumiki.pid, worker);
      }
    } finally {
      await power.on();
    }
    const back = performance.now();
    const { end } = await followThrough(session, run);
    const resumedAfter = performance.now() - back;
    expect(end).toMatchObject({ state: 'succeeded', build: 1 });
    for (const passage of kept) expect(models.embeddedPassages.filter((other) => other === passage)).toHaveLength(1);
    expectRunning(kumiki.pid, worker);
    const answer = await callHelp(session);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    return { refused, slowest, resumedAfter };
  } finally {
    await worker.kill();
  }
}

/** A build in the middle of its embeddings. */
async function beginBuild({ session, models }: Stage) {
  const files = Array.from({ length: documents }, (_, place) => [
    `${place}.txt`,
    `倉庫${place}は山田${place}の担当です。\n`,
  ]);
  await uploadCollection(session, 'sheds', Object.fromEntries(files));
  const settings = { embed: { batchSize: batch } };
  const { id } = await createFlow(session, makeRagFlow({ collection: 'sheds', host: 'ollama', settings }));
  const begun = models.embeddedPassages.length;
  const pause = models.pauseEmbeddings(2 * batch + 1);
  const { run } = await unwrap(session.client.POST('/api/flows/{id}/builds', { params: { path: { id } }, body: {} }));
  await pause.reached;
  // The third call is held while the vectors of the first have long been kept.
  return { run, pause, kept: models.embeddedPassages.slice(begun, begun + batch) };
}

/** Asks for something of every kind. Gives how long each request took, in milliseconds. */
async function askAll(session: KumikiSession): Promise<readonly number[]> {
  const requests = [
    () => session.request('/api/flows'),
    () =>
      session.request('/api/collections', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'another' }),
      }),
    () => callHelp(session),
    () => callHelp(session, { headers: { prefer: 'respond-async' } }),
    () => session.request('/health/ready'),
  ];
  const waited: number[] = [];
  for (const request of requests) {
    const began = performance.now();
    const answer = await request();
    waited.push(performance.now() - began);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    await expectProblem(answer, { status: 503, code: 'database-down' });
  }
  expect((await session.request('/health/live')).status).toBe(200);
  return waited;
}

function expectRunning(server: number, worker: WorkerProcess): void {
  for (const pid of [server, worker.pid]) expect(() => process.kill(pid, 0)).not.toThrow();
}

/** A stream of events may end with the connection that it reads from: then one asks again, as a browser does. */
async function followThrough(session: KumikiSession, run: string) {
  for (;;) {
    try {
      return await followRun(session, run);
    } catch {
      await wait(100);
    }
  }
}
