import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { withFileLock } from '@kumiki/node-sdk/file-lock';
import { environmentStamp, findEnvironmentFolder, isEnvironmentFolder } from './trainer-environment.ts';
import { tunedFolder } from './tuned-files.ts';

/** How long what can be made again is kept without use. */
const keptMilliseconds = 30 * 24 * 3_600_000;

/**
 * Takes away, of what lies in the cache for all data folders of this machine, what nobody has used for a month: tuned
 * models in the forms that hosts want, and environments of trainers that an upgrade has replaced. That of this
 * installation stays. Whatever goes is made again when somebody asks for it.
 */
export async function clearTrainingCache(options: {
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  /** For tests: where the lock file of this installation lies. */
  readonly projectFolder?: string;
  readonly now?: number;
}): Promise<void> {
  const { cacheFolder, signal, now = Date.now() } = options;
  const isOld = async (place: string) => now - (await readTime(place)) > keptMilliseconds;
  const tuned = tunedFolder(cacheFolder);
  for (const name of await list(tuned)) {
    signal.throwIfAborted();
    const place = path.join(tuned, name);
    if (await isOld(place)) await rm(place, { recursive: true, force: true });
  }
  const own = await findEnvironmentFolder(options);
  for (const name of (await list(cacheFolder)).filter(isEnvironmentFolder)) {
    const folder = path.join(cacheFolder, name);
    if (own !== null && folder.startsWith(own)) continue;
    // One that was never finished has no stamp.
    const isUnused = async () => (await isOld(path.join(folder, environmentStamp))) && (await isOld(folder));
    if (!(await isUnused())) continue;
    // Whoever installs into it at this moment has the lock, and whoever had it may have just begun to use it.
    await withFileLock(`${folder}.lock`, signal, async () => {
      if (await isUnused()) await rm(folder, { recursive: true, force: true });
    });
  }
}

async function list(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}

/** 0 where it is not there. */
async function readTime(place: string): Promise<number> {
  return (await stat(place).catch(() => null))?.mtimeMs ?? 0;
}
