import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TrainingRow } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { TrainerCommandLine } from '../trainer-process.ts';
import type { RenderedRow } from './served-loss.ts';

const eventSchema = z.object({
  event: z.string(),
  loss: z.number().optional(),
  tokens: z.union([z.int(), z.array(z.object({ id: z.int(), trained: z.boolean() }))]).optional(),
});

export type ScoreJob = {
  readonly trainer: TrainerCommandLine;
  /** For the job's files. */
  readonly folder: string;
  readonly base: { readonly kind: 'gguf'; readonly file: string; readonly sha256: string };
  readonly cache: string;
  readonly rows: readonly TrainingRow[];
};

/** Rows as the trainer renders them, token by token. */
export async function previewRows(job: ScoreJob): Promise<readonly RenderedRow[]> {
  const events = await run('preview', job, {});
  return events.flatMap(({ event, tokens }) => (event === 'row' && Array.isArray(tokens) ? [{ tokens }] : []));
}

/** The loss of base and adapter (a PEFT folder) by transformers and peft, in nats for each trained token. */
export async function scoreRows(job: ScoreJob & { readonly adapter: string }): Promise<number> {
  const { adapter, cache } = job;
  const end = (await run('score', job, { adapter, cache, precision: 'float32' })).find(({ event }) => event === 'end');
  if (end?.loss === undefined) throw new Error('Nothing was scored.');
  return end.loss;
}

async function run(command: 'preview' | 'score', { trainer, folder, base, rows }: ScoreJob, more: object) {
  const rowsFile = path.join(folder, `${command}-rows.jsonl`);
  const jobFile = path.join(folder, `${command}.json`);
  await writeFile(rowsFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeFile(jobFile, JSON.stringify({ base, rows: rowsFile, maximumLength: 256, threads: 1, ...more }));
  const { program, parameters, environment } = trainer;
  const { stdout } = await promisify(execFile)(program, [...parameters, command, jobFile], {
    env: { ...process.env, ...environment },
    maxBuffer: 1e8,
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));
}
