import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore, Trained } from '@kumiki/node-sdk';
import { unknownEnergy } from './energy.ts';

/** How long what nobody goes on with is kept: checkpoints, and results that a build has taken long ago. */
const keptMilliseconds = 30 * 24 * 3_600_000;

/**
 * What a training ended in, beside the folders of those under way. A process that dies between the end of a training and
 * the row that names its model finds it here, and need not train again.
 */
export async function keepResult(workFolder: string, name: string, trained: Trained): Promise<void> {
  const file = resultFile(workFolder, name);
  const temporary = `${file}.${process.pid}`;
  await mkdir(workFolder, { recursive: true });
  await writeFile(temporary, JSON.stringify(trained));
  await rename(temporary, file);
  await rm(path.join(workFolder, name), { recursive: true, force: true });
}

/** Null where there is none, or where its files are gone from the blob store. */
export async function findResult(workFolder: string, name: string, blobs: BlobStore): Promise<Trained | null> {
  const text = await readFile(resultFile(workFolder, name), 'utf8').catch(() => null);
  if (text === null) return null;
  // Written by `keepResult` above, whole or not at all; once, without a curve and what energy it took.
  const trained = { curve: [], energy: unknownEnergy, ...JSON.parse(text) } as Trained;
  const present = await Promise.all(trained.adapter.files.map(({ sha256 }) => blobs.has(sha256)));
  return present.every(Boolean) ? trained : null;
}

/** Takes away what nobody has touched for a month. What cannot go now goes with the next training. */
export async function clearOldTrainings(workFolder: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(workFolder).catch(() => [])) {
    const place = path.join(workFolder, name);
    const touched = Math.max(...(await Promise.all([place, path.join(place, 'checkpoints')].map(readTime))));
    if (now - touched > keptMilliseconds) await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function readTime(place: string): Promise<number> {
  return (await stat(place).catch(() => null))?.mtimeMs ?? 0;
}

function resultFile(workFolder: string, name: string): string {
  return path.join(workFolder, `${name}.json`);
}
