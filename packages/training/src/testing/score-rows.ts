import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TrainingRow } from '@kumiki/node-sdk';
import { z } from 'zod';
import type { TrainerCommandLine } from '../trainer-process.ts';

const endSchema = z.object({ event: z.literal('end'), loss: z.number() });

export type ScoreJob = {
  readonly trainer: TrainerCommandLine;
  /** For the job's files. */
  readonly folder: string;
  readonly base: { readonly kind: 'gguf'; readonly file: string; readonly sha256: string };
  readonly cache: string;
  /** A PEFT folder. */
  readonly adapter: string;
  readonly rows: readonly TrainingRow[];
};

/** The loss of base and adapter by transformers and peft, in nats for each trained token. */
export async function scoreRows({ trainer, folder, rows, ...job }: ScoreJob): Promise<number> {
  const rowsFile = path.join(folder, 'score-rows.jsonl');
  const jobFile = path.join(folder, 'score.json');
  await writeFile(rowsFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const settings = { precision: 'float32', maximumLength: 256, threads: 1 };
  await writeFile(jobFile, JSON.stringify({ ...job, ...settings, rows: rowsFile }));
  const { program, parameters, environment } = trainer;
  const { stdout } = await promisify(execFile)(program, [...parameters, 'score', jobFile], {
    env: { ...process.env, ...environment },
    maxBuffer: 1e8,
  });
  return endSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).loss;
}
