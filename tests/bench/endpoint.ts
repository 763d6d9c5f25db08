import path from 'node:path';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { z } from 'zod';
import { databaseKinds, openTestDatabase } from '../databases.ts';
import { type Bench, type BenchRow, median } from './bench.ts';
import { startScript } from './child-script.ts';
import { passThrough, passThroughBody, passThroughOutput } from './pass-through.ts';
import { publishFlow } from './publish-flow.ts';

const connectionCounts = [1, 16] as const;
const rounds = 7;
const secondsPerRound = 1.5;
const lowestRatio = 0.3;

type Target = { readonly url: string; readonly key: string | null; readonly runsUrl: string | null };
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
              rows.push(await compare({ kind, kumiki, bare, connections, log }));
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
  return { url, key, runsUrl: `${server.address}/v1/runs`, stop: () => server.stop() };
}

async function serveBareRoute(dataFolder: string, environment: Readonly<Record<string, string>>): Promise<Served> {
  const options = { dataFolder, databaseUrl: environment.DATABASE_URL ?? null };
  const { told, stop } = await startScript('bare-route.ts', options, z.object({ url: z.string() }));
  return { url: told.url, key: null, runsUrl: null, stop };
}

async function compare(given: {
  readonly kind: string;
  readonly kumiki: Target;
  readonly bare: Target;
  readonly connections: number;
  readonly log: (line: string) => void;
}): Promise<BenchRow> {
  const { kind, kumiki, bare, connections, log } = given;
  const pairs: { readonly kumiki: number; readonly bare: number }[] = [];
  // The first round is for compilers and caches.
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { kumiki: await measure(kumiki, connections), bare: await measure(bare, connections) };
    log(`${kind}, c=${connections}: ${pair.kumiki.toFixed(0)} and bare ${pair.bare.toFixed(0)} requests/s`);
    if (round > 0) pairs.push(pair);
  }
  const ratio = median(pairs.map((pair) => pair.kumiki / pair.bare));
  return {
    figure: `pass-through endpoint, ${kind}, c=${connections}`,
    value: median(pairs.map((pair) => pair.kumiki)),
    unit: 'requests/s',
    yardstick: { name: 'bare Hono route', value: median(pairs.map((pair) => pair.bare)) },
    ratio,
    target: `ratio >= ${lowestRatio}`,
    met: ratio >= lowestRatio,
  };
}

async function measure(target: Target, connections: number): Promise<number> {
  const { url, key, runsUrl } = target;
  const options = { url, key, runsUrl, body: passThroughBody, connections, seconds: secondsPerRound };
  const { told, stop } = await startScript('call-repeatedly.ts', options, z.object({ requestsPerSecond: z.number() }));
  await stop();
  return told.requestsPerSecond;
}
