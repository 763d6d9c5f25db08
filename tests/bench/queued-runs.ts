import path from 'node:path';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { Pool } from 'undici';
import { z } from 'zod';
import { type DatabaseKind, databaseKinds, openTestDatabase } from '../databases.ts';
import { type Bench, type BenchRow, median } from './bench.ts';
import { passThrough, passThroughBody, passThroughOutput } from './pass-through.ts';
import { type PublishedFlow, publishFlow } from './publish-flow.ts';

const singleRuns = 60;
const manyRuns = 1_500;
const connections = 16;
const longestLatency = 50;
const lowestThroughput = 100;

/** What the queue takes: from a run's being accepted to its being begun, and how many short ones end in a second. */
export const queuedRunsBench: Bench = {
  name: 'queued-runs',
  async run(log) {
    const rows: BenchRow[] = [];
    for (const kind of databaseKinds) {
      const { folder, remove } = await makeTemporaryFolder();
      const database = await openTestDatabase(kind);
      try {
        const server = await startKumiki({
          dataFolder: path.join(folder, 'data'),
          environment: database.environment,
        });
        try {
          const session = await server.signIn();
          const flow = await publishFlow(session, passThrough, { slug: 'bench', output: passThroughOutput });
          const latencies = await measureLatencies(session, flow);
          log(`${kind}: a run begins after ${median(latencies).toFixed(1)} ms`);
          rows.push(latencyRow(kind, median(latencies)));
          const perSecond = await measureThroughput(session, flow);
          log(`${kind}: ${perSecond.toFixed(0)} runs/s`);
          rows.push(throughputRow(kind, perSecond));
        } finally {
          await server.stop();
        }
      } finally {
        await database.remove();
        await remove();
      }
    }
    return rows;
  },
};

function latencyRow(kind: DatabaseKind, value: number): BenchRow {
  return {
    figure: `start of a queued run, p50, ${kind}`,
    value,
    unit: 'ms',
    yardstick: null,
    ratio: null,
    target: `<= ${longestLatency} ms`,
    met: value <= longestLatency,
  };
}

function throughputRow(kind: DatabaseKind, value: number): BenchRow {
  return {
    figure: `short queued runs from 202 to their end, ${kind}`,
    value,
    unit: 'runs/s',
    yardstick: null,
    ratio: null,
    target: `>= ${lowestThroughput}`,
    met: value >= lowestThroughput,
  };
}

/** One run at a time, each on an idle system: milliseconds by the database's own clock. */
async function measureLatencies(session: KumikiSession, flow: PublishedFlow): Promise<readonly number[]> {
  const latencies: number[] = [];
  for (let run = 0; run < singleRuns; run += 1) {
    const id = await acceptRun(flow);
    const { createdAt, startedAt } = await waitForEnd(session, id);
    // The first ones warm the code.
    if (run >= 10) latencies.push(Date.parse(startedAt ?? '') - Date.parse(createdAt));
  }
  return latencies;
}

const acceptedSchema = z.object({ run: z.string() });

async function acceptRun({ url, key }: PublishedFlow): Promise<string> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    prefer: 'respond-async',
  };
  const answer = await fetch(url, { method: 'POST', headers, body: passThroughBody });
  return acceptedSchema.parse(await answer.json()).run;
}

async function waitForEnd(session: KumikiSession, id: string) {
  const events = await session.request(`/api/runs/${id}/events`);
  await events.text();
  return unwrap(session.client.GET('/api/runs/{id}', { params: { path: { id } } }));
}

/** Over many connections, until the last run that was accepted has ended. */
async function measureThroughput(session: KumikiSession, { url, key }: PublishedFlow): Promise<number> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    prefer: 'respond-async',
  };
  let left = manyRuns;
  const began = performance.now();
  const lanes = Array.from({ length: connections }, async () => {
    while (left > 0) {
      left -= 1;
      const answer = await pool.request({ path: pathname, method: 'POST', headers, body: passThroughBody });
      const text = await answer.body.text();
      if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text}`);
    }
  });
  await Promise.all(lanes);
  await waitForAll(session);
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return manyRuns / seconds;
}

async function waitForAll({ client }: KumikiSession): Promise<void> {
  for (const state of ['queued', 'running'] as const) {
    for (;;) {
      const { items } = await unwrap(client.GET('/api/runs', { params: { query: { state, limit: 1 } } }));
      if (items.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
