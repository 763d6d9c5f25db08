/** `npm run bench [name …]`: prints a table for each bench and writes the same as bench-results/<name>.json. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Bench, BenchRow } from './bench.ts';

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  start: async () => (await import('./start.ts')).startBench,
  endpoint: async () => (await import('./endpoint.ts')).endpointBench,
  index: async () => (await import('./index-build.ts')).indexBench,
  scheduler: async () => (await import('./scheduler.ts')).schedulerBench,
  rebuild: async () => (await import('./rebuild.ts')).rebuildBench,
  memory: async () => (await import('./memory.ts')).memoryBench,
  takeover: async () => (await import('./takeover.ts')).takeoverBench,
  'queued-runs': async () => (await import('./queued-runs.ts')).queuedRunsBench,
  history: async () => (await import('./history.ts')).historyBench,
  retrieval: async () => (await import('./retrieval.ts')).retrievalBench,
  quality: async () => (await import('./quality.ts')).qualityBench,
  finetune: async () => (await import('./finetune.ts')).finetuneBench,
  decision: async () => (await import('./decision.ts')).decisionBench,
  'first-token': async () => (await import('./first-token.ts')).firstTokenBench,
};

const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(benches);
const results = new URL('../../bench-results/', import.meta.url);
await mkdir(results, { recursive: true });

for (const name of names) {
  const load = benches[name];
  if (load === undefined) {
    console.error(`No bench is called ${name}. There are: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    continue;
  }
  const bench = await load();
  const rows = await bench.run((line) => console.error(`${name}: ${line}`));
  console.log(`\n${name}`);
  console.table(rows.map(formatRow));
  const report = {
    name,
    at: new Date().toISOString(),
    node: process.version,
    processor: cpus()[0]?.model ?? null,
    rows,
  };
  await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(report, null, 2)}\n`);
}

function formatRow(row: BenchRow) {
  return {
    figure: row.figure,
    value: `${formatNumber(row.value)} ${row.unit}`.trim(),
    yardstick: row.yardstick === null ? '' : `${row.yardstick.name}: ${formatNumber(row.yardstick.value)}`,
    ratio: row.ratio === null ? '' : formatNumber(row.ratio),
    target: row.target,
    met: row.met ? 'yes' : 'NO',
  };
}

function formatNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
