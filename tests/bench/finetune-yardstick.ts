import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureModel, smolLm2 } from '@kumiki/models';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { makeTemporaryFolder } from '@kumiki/testkit/kumiki-process';
import { openTrainerProgram, type TrainerCommandLine } from '@kumiki/training';
import { z } from 'zod';
import { type BenchRow, median } from './bench.ts';

const rounds = 2;
const steps = 14;
/** The first steps fill caches and choose kernels. */
const warmUpSteps = 3;
const batchSize = 8;
/** What the trainer computes at a time on a processor. */
const partTokens = 512;
const lowestSpeed = 0.95;
const highestMemory = 1.05;

const bareScript = fileURLToPath(new URL('../../apps/trainer/bench/bare_training.py', import.meta.url));
const questions = new URL('../../examples/tuned-support/questions.jsonl', import.meta.url);

const lineSchema = z.object({
  event: z.string(),
  at: z.number().optional(),
  loss: z.number().optional(),
  precision: z.string().optional(),
  peakMemory: z.number().optional(),
});
const bareSchema = z.object({ durations: z.array(z.number()), peakMemory: z.number() });
const questionSchema = z.object({ id: z.string(), question: z.string(), answer: z.string() });

type Measured = { readonly stepSeconds: readonly number[]; readonly peakMemory: number };

/**
 * The trainer beside the same training in the least code: the same libraries, base, rows, precision and batch, in turns.
 * What the trainer does besides (events, a checkpoint at the end) is what it costs.
 */
export async function compareWithBare(log: (line: string) => void): Promise<readonly BenchRow[]> {
  const { folder, remove } = await makeTemporaryFolder();
  try {
    const signal = new AbortController().signal;
    const trainer = await openTrainerProgram({ cacheFolder: cacheFolder(), signal });
    const file = await ensureModel(smolLm2, { folder: cacheFolder('models') });
    const rows = path.join(folder, 'rows.jsonl');
    await writeFile(rows, await makeRows());
    const measured: Record<'trainer' | 'bare', Measured[]> = { trainer: [], bare: [] };
    for (let round = 0; round < rounds; round += 1) {
      const work = path.join(folder, `work-${round}`);
      const trained = await runTrainer(trainer, { file, rows, work, cache: path.join(folder, 'bases') });
      measured.trainer.push(trained);
      measured.bare.push(await runBare(trainer, { folder, rows, precision: trained.precision }));
      log(
        `round ${round + 1} of ${rounds}: ${describe(measured.trainer.at(-1))}, bare ${describe(measured.bare.at(-1))}`,
      );
    }
    return makeComparison(measured);
  } finally {
    await remove();
  }
}

function describe(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  return `${(1 / median(measured.stepSeconds)).toFixed(3)} steps/s and ${(measured.peakMemory / 1e6).toFixed(0)} MB`;
}

function makeComparison({ trainer, bare }: Record<'trainer' | 'bare', readonly Measured[]>): readonly BenchRow[] {
  const speed = (of: readonly Measured[]) => 1 / median(of.flatMap(({ stepSeconds }) => stepSeconds));
  const memory = (of: readonly Measured[]) => Math.max(...of.map(({ peakMemory }) => peakMemory)) / 1e6;
  const speedRatio = speed(trainer) / speed(bare);
  const memoryRatio = memory(trainer) / memory(bare);
  return [
    {
      figure: 'training, smallest model',
      value: speed(trainer),
      unit: 'steps/s',
      yardstick: { name: 'a bare script of the same libraries', value: speed(bare) },
      ratio: speedRatio,
      target: `ratio >= ${lowestSpeed}`,
      met: speedRatio >= lowestSpeed,
    },
    {
      figure: 'peak memory of that training',
      value: memory(trainer),
      unit: 'MB',
      yardstick: { name: 'the bare script', value: memory(bare) },
      ratio: memoryRatio,
      target: `ratio <= ${highestMemory}`,
      met: memoryRatio <= highestMemory,
    },
  ];
}

async function makeRows(): Promise<string> {
  const lines = (await readFile(questions, 'utf8')).trimEnd().split('\n');
  const rows = lines.map((line) => {
    const { id, question, answer } = questionSchema.parse(JSON.parse(line));
    const messages = [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ];
    return JSON.stringify({ id, messages, trained: [1] });
  });
  return `${rows.join('\n')}\n`;
}

async function runTrainer(
  { program, parameters, environment }: TrainerCommandLine,
  at: { readonly file: string; readonly rows: string; readonly work: string; readonly cache: string },
): Promise<Measured & { readonly precision: string }> {
  await mkdir(at.work, { recursive: true });
  const rowCount = (await readFile(at.rows, 'utf8')).trimEnd().split('\n').length;
  const job = {
    base: { kind: 'gguf', file: at.file, sha256: smolLm2.sha256 },
    cache: at.cache,
    work: at.work,
    output: path.join(at.work, 'adapter'),
    train: at.rows,
    settings: {
      ...{ rank: 16, alpha: 32, dropout: 0, learningRate: 2e-4, schedule: 'constant', warmup: 0 },
      ...{ epochs: Math.ceil((steps * batchSize) / rowCount), batchSize, maximumLength: 512 },
      ...{ evaluationsPerEpoch: 0, patience: 0, seed: 1, precision: 'auto', quantisation: 'none' },
    },
    samplePrompts: [],
    threads: 1,
    checkpointSeconds: 3_600,
  };
  const jobFile = path.join(at.work, 'job.json');
  await writeFile(jobFile, JSON.stringify(job));
  const child = spawn(program, [...parameters, 'train', jobFile], {
    env: { ...process.env, ...environment, OMP_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const times: number[] = [];
  let precision = 'float32';
  let peakMemory = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = lineSchema.parse(JSON.parse(line));
    if (event.loss !== undefined && event.at !== undefined) times.push(event.at);
    precision = event.precision ?? precision;
    peakMemory = event.peakMemory ?? peakMemory;
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`The trainer ended with code ${code}`);
  const stepSeconds = times.slice(1).map((time, place) => (time - (times[place] ?? time)) / 1_000);
  return { stepSeconds: stepSeconds.slice(warmUpSteps), peakMemory, precision };
}

async function runBare(
  { program, environment }: TrainerCommandLine,
  { folder, rows, precision }: { readonly folder: string; readonly rows: string; readonly precision: string },
): Promise<Measured> {
  const bases = path.join(folder, 'bases');
  const [base] = await readdir(bases);
  const parameters = [
    bareScript,
    path.join(bases, base ?? ''),
    rows,
    `${steps}`,
    `${batchSize}`,
    `${partTokens}`,
    precision,
  ];
  const { stdout } = await promisify(execFile)(program, parameters, {
    env: { ...process.env, ...environment, OMP_NUM_THREADS: '1' },
    maxBuffer: 1e8,
  });
  const { durations, peakMemory } = bareSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return { stepSeconds: durations.slice(warmUpSteps + 1), peakMemory };
}
