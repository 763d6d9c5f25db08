import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, startKumiki } from '@kumiki/testkit/kumiki-process';
import { findFreePort } from '@kumiki/testkit/model-servers';
import { z } from 'zod';
import { type Bench, type BenchRow, median } from './bench.ts';
import { startScript } from './child-script.ts';
import { passThrough, passThroughBody, passThroughOutput } from './pass-through.ts';
import { listFamily } from './process-family.ts';
import { publishFlow } from './publish-flow.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const repetitions = 7;
const storedRuns = 1_000;
const startSeconds = 120;

/** How people start the program. npm itself takes part of the time of the second. */
const commands = {
  'kumiki start': {
    program: process.execPath,
    parameters: ['apps/server/bin/kumiki.cjs', 'start', '--without-models'],
  },
  'npm start': { program: 'npm', parameters: ['start', '--silent', '--', '--without-models'] },
} as const;

type CommandName = keyof typeof commands;

/** From nothing to a page in the browser, and what the program takes while it waits; on a data folder that exists. */
export const startBench: Bench = {
  name: 'start',
  async run(log) {
    const { folder, remove } = await makeTemporaryFolder();
    try {
      const dataFolder = path.join(folder, 'data');
      await fillDataFolder(dataFolder);
      const database = path.join(folder, 'database');
      const times: Record<CommandName | 'bare', number[]> = { 'kumiki start': [], 'npm start': [], bare: [] };
      const processor: number[] = [];
      const memory: Record<'kumiki' | 'bare', number[]> = { kumiki: [], bare: [] };
      // The first round warms the disk's cache and builds the editor where it has changed.
      for (let round = 0; round <= repetitions; round += 1) {
        await rm(database, { recursive: true, force: true });
        await cp(path.join(dataFolder, 'database'), database, { recursive: true });
        const bare = await measureBare(database);
        // First, since it builds what the other takes for granted.
        const npm = await measureStart('npm start', dataFolder, false);
        const direct = await measureStart('kumiki start', dataFolder, round <= 3);
        if (round === 0) continue;
        times.bare.push(bare.milliseconds);
        times['kumiki start'].push(direct.milliseconds);
        times['npm start'].push(npm.milliseconds);
        processor.push(direct.processorSeconds);
        if (direct.bytes !== null) {
          memory.kumiki.push(direct.bytes);
          memory.bare.push(bare.bytes);
        }
        const [one, two, three] = [bare, direct, npm].map(({ milliseconds }) => milliseconds.toFixed(0));
        log(`bare PGlite ${one} ms, kumiki start ${two} ms, npm start ${three} ms`);
      }
      const bareSeconds = median(times.bare) / 1000;
      return [
        startRow('kumiki start', median(times['kumiki start']) / 1000, bareSeconds),
        startRow('npm start', median(times['npm start']) / 1000, bareSeconds),
        processorRow(median(processor)),
        memoryRow(median(memory.kumiki), median(memory.bare)),
      ];
    } finally {
      await remove();
    }
  },
};

function startRow(command: CommandName, value: number, bare: number): BenchRow {
  return {
    figure: `start to UI, ${command}`,
    value,
    unit: 's',
    yardstick: { name: 'opening a copy with bare PGlite', value: bare },
    ratio: value / bare,
    target: '<= 2 s',
    met: value <= 2,
  };
}

/** On all cores together: the engine of the database is compiled beside the program. Hardly depends on neighbours. */
function processorRow(value: number): BenchRow {
  return {
    figure: 'processor time to UI, kumiki start',
    value,
    unit: 's',
    yardstick: null,
    ratio: null,
    target: 'none',
    met: true,
  };
}

function memoryRow(kumiki: number, bare: number): BenchRow {
  const value = (kumiki - bare) / 1e6;
  return {
    figure: 'idle memory over bare PGlite',
    value,
    unit: 'MB',
    yardstick: { name: 'bare PGlite', value: bare / 1e6 },
    ratio: kumiki / bare,
    target: '<= 100 MB',
    met: value <= 100,
  };
}

/** A data folder as one that is in use: a published flow, and runs. */
async function fillDataFolder(dataFolder: string): Promise<void> {
  const server = await startKumiki({ dataFolder });
  try {
    const published = { slug: 'bench', output: passThroughOutput };
    const { url, key } = await publishFlow(await server.signIn(), passThrough, published);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    for (let run = 0; run < storedRuns; run += 1) {
      const answer = await fetch(url, { method: 'POST', headers, body: passThroughBody });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.text();
    }
  } finally {
    await server.stop();
  }
}

async function measureBare(database: string): Promise<{ milliseconds: number; bytes: number }> {
  const bare = await startScript('bare-pglite.ts', { database }, z.object({ ready: z.literal(true) }));
  try {
    return { milliseconds: bare.milliseconds, bytes: await settleMemory(bare.pid) };
  } finally {
    await bare.stop();
  }
}

async function measureStart(
  name: CommandName,
  dataFolder: string,
  withMemory: boolean,
): Promise<{ milliseconds: number; processorSeconds: number; bytes: number | null }> {
  const port = await findFreePort();
  const { program, parameters } = commands[name];
  const began = performance.now();
  const child = spawn(program, parameters, {
    cwd: root,
    // A group of its own: npm ends before what it has started does.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, KUMIKI_DATA: dataFolder, KUMIKI_PORT: String(port), OLLAMA_HOST: '127.0.0.1:9' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-5_000);
  });
  const closed = once(child, 'close');
  const group = -(child.pid ?? 0);
  const kill = () => process.kill(group, 'SIGKILL');
  process.once('exit', kill);
  try {
    const address = `http://127.0.0.1:${port}`;
    while (!(await answers(`${address}/health/ready`)) || !(await answers(`${address}/`))) {
      if (child.exitCode !== null || performance.now() - began > startSeconds * 1000) {
        throw new Error(`${name} did not come up: ${said}`);
      }
      await wait(5);
    }
    const milliseconds = performance.now() - began;
    const family = await listFamily(child.pid ?? 0);
    const processorSeconds = family.reduce((sum, member) => sum + member.processorSeconds, 0);
    return { milliseconds, processorSeconds, bytes: withMemory ? await settleMemory(child.pid ?? 0) : null };
  } finally {
    process.off('exit', kill);
    if (child.exitCode === null) process.kill(group, 'SIGTERM');
    await closed;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.text();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Memory of a process and its children once it stays within 1% for five seconds: compiled code is let go of late. */
async function settleMemory(pid: number): Promise<number> {
  const seen: number[] = [];
  const window = 10;
  for (let look = 0; look < 80; look += 1) {
    const family = await listFamily(pid);
    seen.push(family.reduce((sum, { residentBytes }) => sum + residentBytes, 0));
    const last = seen.slice(-window);
    if (last.length === window && Math.max(...last) <= Math.min(...last) * 1.01) break;
    await wait(500);
  }
  return seen.at(-1) ?? 0;
}
