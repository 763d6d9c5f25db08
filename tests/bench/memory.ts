import path from 'node:path';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { buildFlow, createFlow, type KumikiSession, putFiles, uploadCollection } from '@kumiki/testkit/kumiki-session';
import { startScriptedModels } from '@kumiki/testkit/scripted-models';
import { openTestDatabase } from '../databases.ts';
import { makeRagFlow } from '../rag-flow.ts';
import { createRandom } from '../random.ts';
import type { Bench, BenchRow } from './bench.ts';
import { listFamily } from './process-family.ts';

const fewChunks = 10_000;
/** A million takes some minutes; a run that has less time says how many. */
const manyChunks = Number(process.env.KUMIKI_BENCH_CHUNKS ?? 1_000_000);
const chunksPerDocument = 100;
/** As small as chunks may be told to be, so that a sentence is one. */
const chunkTokens = 64;
const uploadsAtOnce = 8;
const lookMilliseconds = 250;
const highestRatio = 1.2;

type Built = { readonly chunks: number; readonly seconds: number; readonly peakMegabytes: number };

/**
 * What a build holds in memory, however much it builds: the most that the program and the processes that it starts ever
 * had, in a build of few chunks and in one of many, each on a server and a database of its own.
 */
export const memoryBench: Bench = {
  name: 'memory',
  async run(log) {
    const few = await buildChunks(fewChunks, log);
    const many = await buildChunks(manyChunks, log);
    const ratio = many.peakMegabytes / few.peakMegabytes;
    return [
      {
        figure: `peak memory, building ${many.chunks} chunks, postgres`,
        value: many.peakMegabytes,
        unit: 'MB',
        yardstick: { name: `building ${few.chunks} chunks`, value: few.peakMegabytes },
        ratio,
        target: `ratio <= ${highestRatio}`,
        met: ratio <= highestRatio,
      },
      speedRow(few),
      speedRow(many),
    ];
  },
};

function speedRow({ chunks, seconds }: Built): BenchRow {
  return {
    figure: `building ${chunks} chunks in documents of ${chunksPerDocument}, fake embedder, postgres`,
    value: chunks / seconds,
    unit: 'chunks/s',
    yardstick: null,
    ratio: null,
    target: 'none',
    met: true,
  };
}

async function buildChunks(wanted: number, log: (line: string) => void): Promise<Built> {
  const { folder, remove } = await makeTemporaryFolder();
  const database = await openTestDatabase('postgres');
  const models = await startScriptedModels();
  const environment = { ...database.environment, OLLAMA_HOST: models.address };
  const server = await startKumiki({ dataFolder: path.join(folder, 'data'), environment });
  try {
    const session = await server.signIn();
    await upload(session, wanted / chunksPerDocument);
    log(`${wanted / chunksPerDocument} documents are uploaded`);
    const settings = { chunk: { size: chunkTokens, overlap: 0 } };
    const { id: flow } = await createFlow(session, makeRagFlow({ collection: 'many', host: 'ollama', settings }));
    const watch = watchMemory(server.pid);
    const began = performance.now();
    const { end, events } = await buildFlow(session, flow);
    const seconds = (performance.now() - began) / 1_000;
    const peakMegabytes = (await watch.stop()) / 1e6;
    if (end.state !== 'succeeded') throw new Error(`The build ended: ${JSON.stringify(end)}`);
    const counted = events.flatMap((event) =>
      event.type === 'node-end' && event.node === 'chunk' ? [event.counts.chunks?.items ?? 0] : [],
    );
    const chunks = counted[0] ?? 0;
    log(`${chunks} chunks in ${seconds.toFixed(0)} s, at most ${peakMegabytes.toFixed(0)} MB`);
    return { chunks, seconds, peakMegabytes };
  } finally {
    await server.stop();
    await models.stop();
    await database.remove();
    await remove();
  }
}

/** The most memory of a process and all that it has started, in bytes, as often as it is looked at. */
function watchMemory(pid: number): { stop(): Promise<number> } {
  let peak = 0;
  let watching = true;
  const watch = async () => {
    while (watching) {
      const family = await listFamily(pid);
      peak = Math.max(
        peak,
        family.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
      );
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  };
  const watched = watch();
  return {
    async stop() {
      watching = false;
      await watched;
      return peak;
    },
  };
}

async function upload(session: KumikiSession, documents: number): Promise<void> {
  const collection = await uploadCollection(session, 'many', {});
  let next = 0;
  await Promise.all(
    Array.from({ length: uploadsAtOnce }, async () => {
      while (next < documents) {
        const place = next;
        next += 1;
        await putFiles(session, collection, { [`${place}.txt`]: writeDocument(place) });
      }
    }),
  );
}

const characters = '倉庫担当者荷物棚在庫毎朝数日本部報告問合内線受付契約更新料金返金発送確認書類保管期限変更';

/** Paragraphs of one sentence of some 50 characters, no two alike: each is a chunk. */
function writeDocument(place: number): string {
  const random = createRandom(place);
  const write = () => Array.from({ length: 40 }, () => characters[Math.floor(random() * characters.length)]).join('');
  return Array.from({ length: chunksPerDocument }, (_, part) => `第${place}書第${part}項、${write()}。\n`).join('\n');
}
