import path from 'node:path';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { z } from 'zod';
import { databaseKinds, openTestDatabase } from '../databases.ts';
import { type Bench, type BenchRow, median } from './bench.ts';
import { startScript } from './child-script.ts';
import { passThrough, passThroughBody, passThroughOutput } from './pass-through.ts';
import { isPostgres, listFamily, sumProcessorSeconds } from './process-family.ts';
import { publishFlow } from './publish-flow.ts';

const connectionCounts = [1, 16] as const;
const rounds = 7;
const secondsPerRound = 1.5;
const lowestRatio = 0.5;
/** On two cores, which the client and a real Postgres share. */
const lowestOnPostgres = 1_700;

type Target = {
  readonly url: string;
  readonly key: string | null;
  readonly runsUrl: string | null;
  readonly pid: number;
};
type Served = Target & { stop(): Promise<unknown> };

/**
 * What the fixed work of a request costs: a flow that hands its input on, published and called with a key, beside a bare
 * Hono route that stores the same row. Each is a process of its own, and so is the client.
 */
export const endpointBench: Bench = {
  name: 'endpoint',
  async run(log) {
    const rows: BenchRow[] = [];
    for (const kind of databaseKinds) {
      const { folder, remove } = await makeTemporaryFolder();
      const kumikiDatabase = await openTestDatabase(kind);
      const bareDatabase = await openTestDatabase(kind);
      try {
        const kumiki = await serveFlow(path.join(folder, 'kumiki'), kumikiDatabase.environment);
        try {
          const bare = await serveBareRoute(path.join(folder, 'bare'), bareDatabase.environment);
          try {
            for (const connections of connectionCounts) {
              rows.push(...(await compare({ kind, kumiki, bare, connections, log })));
            }
          } finally {
            await bare.stop();
          }
        } finally {
          await kumiki.stop();
        }
      } finally {
        await kumikiDatabase.remove();
        await bareDatabase.remove();
        await remove();
      }
    }
    return rows;
  },
};

async function serveFlow(dataFolder: string, environment: Readonly<Record<string, string>>): Promise<Served> {
  const server = await startKumiki({ dataFolder, environment });
  const published = { slug: 'bench', output: passThroughOutput };
  const { url, key } = await publishFlow(await server.signIn(), passThrough, published);
  return { url, key, runsUrl: `${server.address}/v1/runs`, pid: server.pid, stop: () => server.stop() };
}

async function serveBareRoute(dataFolder: string, environment: Readonly<Record<string, string>>): Promise<Served> {
  const options = { dataFolder, databaseUrl: environment.DATABASE_URL ?? null };
  const { told, pid, stop } = await startScript('bare-route.ts', options, z.object({ url: z.string() }));
  return { url: told.url, key: null, runsUrl: null, pid, stop };
}

async function compare(given: {
  readonly kind: string;
  readonly kumiki: Target;
  readonly bare: Target;
  readonly connections: number;
  readonly log: (line: string) => void;
}): Promise<readonly BenchRow[]> {
  const { kind, kumiki, bare, connections, log } = given;
  const pairs: { readonly kumiki: Measured; readonly bare: Measured }[] = [];
  // The first round is for compilers and caches.
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { kumiki: await measure(kumiki, connections), bare: await measure(bare, connections) };
    log(`${kind}, c=${connections}: ${describe(pair.kumiki)}, bare ${describe(pair.bare)}`);
    if (round > 0) pairs.push(pair);
  }
  const ratio = median(pairs.map((pair) => pair.kumiki.perSecond / pair.bare.perSecond));
  const row = {
    figure: `pass-through endpoint, ${kind}, c=${connections}`,
    value: median(pairs.map((pair) => pair.kumiki.perSecond)),
    unit: 'requests/s',
    yardstick: { name: 'bare Hono route', value: median(pairs.map((pair) => pair.bare.perSecond)) },
    ratio,
    target: `ratio >= ${lowestRatio}`,
    met: ratio >= lowestRatio,
  };
  const processor = {
    figure: `its processor time, ${kind}, c=${connections}`,
    value: median(pairs.map((pair) => pair.kumiki.serverMilliseconds)),
    unit: 'ms/request',
    yardstick: { name: 'bare Hono route', value: median(pairs.map((pair) => pair.bare.serverMilliseconds)) },
    ratio: median(pairs.map((pair) => pair.kumiki.serverMilliseconds / pair.bare.serverMilliseconds)),
    target: 'none',
    met: true,
  };
  if (kind !== 'postgres' || connections === 1) return [row, processor];
  const met = row.value >= lowestOnPostgres;
  const absolute = { ...row, figure: `${row.figure}, in all`, ratio: null, target: `>= ${lowestOnPostgres}`, met };
  return [row, { ...absolute, yardstick: null }, processor];
}

/** Processor time is for each request, in milliseconds. */
type Measured = {
  readonly perSecond: number;
  readonly serverMilliseconds: number;
  readonly clientMilliseconds: number;
  readonly databaseMilliseconds: number;
};

function describe({ perSecond, serverMilliseconds, clientMilliseconds, databaseMilliseconds }: Measured): string {
  const spent = [serverMilliseconds, clientMilliseconds, databaseMilliseconds].map((spent) => spent.toFixed(2));
  return `${perSecond.toFixed(0)} requests/s (server, client, database: ${spent.join(' + ')} ms of the processor)`;
}

const toldSchema = z.object({
  requests: z.number(),
  calls: z.number(),
  seconds: z.number(),
  processorSeconds: z.number(),
});

async function measure(target: Target, connections: number): Promise<Measured> {
  const { url, key, runsUrl, pid } = target;
  const options = { url, key, runsUrl, body: passThroughBody, connections, seconds: secondsPerRound };
  const before = await readProcessorSeconds(pid);
  const { told, stop } = await startScript('call-repeatedly.ts', options, toldSchema);
  const after = await readProcessorSeconds(pid);
  await stop();
  const { requests, calls, seconds, processorSeconds } = told;
  return {
    perSecond: requests / seconds,
    serverMilliseconds: ((after.server - before.server) / calls) * 1_000,
    clientMilliseconds: (processorSeconds / requests) * 1_000,
    databaseMilliseconds: ((after.database - before.database) / calls) * 1_000,
  };
}

async function readProcessorSeconds(pid: number): Promise<{ readonly server: number; readonly database: number }> {
  const databases = (await listFamily(process.pid)).filter(isPostgres);
  return { server: sumProcessorSeconds(await listFamily(pid)), database: sumProcessorSeconds(databases) };
}
