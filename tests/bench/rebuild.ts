import path from 'node:path';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, putFiles, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { startScriptedModels } from '@kumiki/testkit/scripted-models';
import { type DatabaseKind, databaseKinds, openTestDatabase } from '../databases.ts';
import { addScriptedHost, makeRagFlow } from '../rag-flow.ts';
import { type Bench, type BenchRow, median } from './bench.ts';
import { isPostgres, listFamily, sumProcessorSeconds } from './process-family.ts';

const documents = 10_000;
const uploadsAtOnce = 8;
const rebuilds = 5;
const longestRebuild = 2;

/** What a build takes besides its model: all of 10,000 documents, none of them, and one of them. */
export const rebuildBench: Bench = {
  name: 'rebuild',
  async run(log) {
    const rows: BenchRow[] = [];
    for (const kind of databaseKinds) rows.push(...(await measure(kind, log)));
    return rows;
  },
};

async function measure(kind: DatabaseKind, log: (line: string) => void): Promise<readonly BenchRow[]> {
  const { folder, remove } = await makeTemporaryFolder();
  const database = await openTestDatabase(kind);
  const models = await startScriptedModels();
  const environment = { ...database.environment, OLLAMA_HOST: models.address };
  const server = await startKumiki({ dataFolder: path.join(folder, 'data'), environment });
  try {
    const session = await server.signIn();
    await addScriptedHost(session, models);
    const collection = await upload(session);
    log(`${kind}: ${documents} documents are uploaded`);
    // Ollama's routes tell digests, so that vectors are kept.
    const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'many', host: 'ollama' }));
    const before = await readProcessorSeconds(server.pid);
    const first = await timeBuild(session, flow);
    const after = await readProcessorSeconds(server.pid);
    const spent = Object.entries(after).map(([who, seconds]) => [who, seconds - (before[who] ?? 0)] as const);
    const shares = spent.map(([who, seconds]) => `${who} ${seconds.toFixed(1)}`).join(', ');
    log(`${kind}: the first build took ${first.toFixed(1)} s; seconds of the processor: ${shares}`);
    const unchanged: number[] = [];
    for (let round = 0; round < rebuilds; round += 1) unchanged.push(await timeBuild(session, flow));
    await putFiles(session, collection, { '5000.txt': writeDocument(documents + 1) });
    const embedded = models.embeddedPassages.length;
    const changed = await timeBuild(session, flow);
    if (models.embeddedPassages.length !== embedded + 1) throw new Error('More than the changed document was embedded');
    return [
      {
        ...row(`building ${documents} documents of one chunk, fake embedder, ${kind}`, documents / first, 'chunks/s'),
        yardstick: { name: 'processor time of all, s', value: spent.reduce((sum, [, seconds]) => sum + seconds, 0) },
      },
      {
        ...row(`building again with no change, ${kind}`, median(unchanged), 's'),
        target: `<= ${longestRebuild} s`,
        met: median(unchanged) <= longestRebuild,
      },
      row(`building again with one document changed, ${kind}`, changed, 's'),
    ];
  } finally {
    await server.stop();
    await models.stop();
    await database.remove();
    await remove();
  }
}

function row(figure: string, value: number, unit: string): BenchRow {
  return { figure, value, unit, yardstick: null, ratio: null, target: 'none', met: true };
}

async function upload(session: KumikiSession): Promise<string> {
  const collection = await uploadCollection(session, 'many', {});
  const names = Array.from({ length: documents }, (_, place) => place);
  await Promise.all(
    Array.from({ length: uploadsAtOnce }, async () => {
      for (let place = names.pop(); place !== undefined; place = names.pop()) {
        await putFiles(session, collection, { [`${place}.txt`]: writeDocument(place) });
      }
    }),
  );
  return collection;
}

/** Some 150 characters, no two alike. */
function writeDocument(place: number): string {
  return `倉庫${place}の担当者は山田${place}です。荷物は${place % 24}時に届き、棚${place % 97}に置かれます。在庫は毎朝数え、${place % 31}日ごとに本部へ報告します。問い合わせは内線${1000 + place}で受け付けています。\n`;
}

async function timeBuild(session: KumikiSession, flow: string): Promise<number> {
  const began = performance.now();
  const { end } = await buildFlow(session, flow);
  if (end.state !== 'succeeded') throw new Error(`The build ended: ${JSON.stringify(end)}`);
  return (performance.now() - began) / 1000;
}

/** So far, by who took it: the server itself, the process that parses, the database, and the fake embedder here. */
async function readProcessorSeconds(server: number): Promise<Readonly<Record<string, number>>> {
  const family = await listFamily(server);
  const parsers = family.filter(({ command }) => command.includes('parser-process'));
  const databases = (await listFamily(process.pid)).filter(isPostgres);
  const { user, system } = process.cpuUsage();
  return {
    server: sumProcessorSeconds(family) - sumProcessorSeconds(parsers),
    parser: sumProcessorSeconds(parsers),
    database: sumProcessorSeconds(databases),
    embedder: (user + system) / 1e6,
  };
}
