import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrainingRow } from '@kumiki/node-sdk';
import type { TrainerEvent } from './trainer-events.ts';
import { runTrainer, type TrainerCommandLine } from './trainer-process.ts';
import type { TrainingBase } from './training-base.ts';

/** A token as the model reads it. Texts of tokens put together are the whole; a part of a character has none. */
export type PreviewToken = { readonly id: number; readonly text: string; readonly trained: boolean };

/** A row as the model would see it, in one sequence or several, or why it would not. */
export type RowPreview =
  | { readonly id: string; readonly sequences: readonly (readonly PreviewToken[])[] }
  | { readonly id: string; readonly leftOut: Extract<TrainerEvent, { event: 'row-left-out' }>['reason'] };

/**
 * Renders rows as a training would, token by token and in their order, without loading weights. Ids are unique. Throws
 * what `runTrainer` throws.
 */
export async function previewRows(
  trainer: TrainerCommandLine,
  job: {
    readonly base: TrainingBase;
    readonly rows: readonly TrainingRow[];
    readonly maximumLength: number;
    readonly signal: AbortSignal;
  },
): Promise<readonly RowPreview[]> {
  const { base, rows, maximumLength, signal } = job;
  const previews = new Map<string, RowPreview>();
  // What people said lies there for as long as it is read, and only for whoever runs this process.
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-preview-'));
  try {
    const file = path.join(folder, 'rows.jsonl');
    const jobFile = path.join(folder, 'job.json');
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await writeFile(jobFile, JSON.stringify({ base, rows: file, maximumLength, threads: 1 }));
    const onEvent = (event: TrainerEvent) => {
      if (event.event === 'row-left-out') previews.set(event.id, { id: event.id, leftOut: event.reason });
      if (event.event !== 'row') return;
      const before = previews.get(event.id);
      const sequences = before !== undefined && 'sequences' in before ? before.sequences : [];
      previews.set(event.id, { id: event.id, sequences: [...sequences, event.tokens] });
    };
    await runTrainer(trainer, { command: 'preview', job: jobFile, onEvent, signal });
    return [...previews.values()];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
