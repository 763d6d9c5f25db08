import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlobStore, ChatModelValue, TrainingJob, TrainingRow } from '@kumiki/node-sdk';

/** A folder that goes when the test ends. */
export async function makeTrainingFolder(): Promise<{
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-training-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Blobs in memory. */
export class MemoryBlobs implements BlobStore {
  readonly contents = new Map<string, Buffer>();

  async put(content: AsyncIterable<Uint8Array>) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    const whole = Buffer.concat(pieces);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    this.contents.set(sha256, whole);
    return { sha256, bytes: whole.length };
  }

  async *read(sha256: string) {
    const content = this.contents.get(sha256);
    if (content === undefined) throw new Error(`no blob ${sha256}`);
    yield content;
  }

  async has(sha256: string): Promise<boolean> {
    return this.contents.has(sha256);
  }

  async delete(sha256: string): Promise<void> {
    this.contents.delete(sha256);
  }

  async *list() {
    for (const [sha256, { length }] of this.contents) yield { sha256, bytes: length, storedAt: new Date() };
  }
}

export const baseSample: ChatModelValue = {
  host: 'embedded',
  name: 'base',
  digest: `sha256:${'b'.repeat(64)}`,
  adapter: null,
  template: 'sha256:template',
  contextLength: 2_048,
};

export function makeRow(id: string, question = '送料は？', answer = '500円です。'): TrainingRow {
  const messages = [
    { role: 'user' as const, content: question },
    { role: 'assistant' as const, content: answer },
  ];
  return { id, messages, trained: [1] };
}

export function makeJob(parts: Partial<TrainingJob> = {}): TrainingJob {
  return {
    settings: {
      rank: 16,
      alpha: 32,
      dropout: 0.05,
      learningRate: 2e-4,
      schedule: 'cosine',
      warmup: 0.1,
      epochs: 3,
      batchSize: 16,
      maximumLength: 1_024,
      evaluationsPerEpoch: 2,
      patience: 3,
      seed: 42,
      precision: 'auto',
      quantisation: 'none',
    },
    train: [makeRow('a'), makeRow('b')],
    evaluation: [],
    samplePrompts: [[{ role: 'user', content: '送料は？' }]],
    base: null,
    dataset: { sha256: 'd'.repeat(64), examples: { train: 2, evaluation: 0 } },
    prompt: null,
    ...parts,
  };
}
