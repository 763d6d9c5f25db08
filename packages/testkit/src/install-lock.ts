import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs `install` while no other process of this machine does, so that two test runs do not build the same thing side by
 * side. A lock whose process is gone is taken over.
 */
export async function withInstallLock<T>(file: string, install: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  for (let handle = await tryOpen(file); ; handle = await tryOpen(file)) {
    if (handle !== null) {
      await handle.writeFile(`${process.pid}`);
      await handle.close();
      break;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && !isRunning(holder)) await rm(file, { force: true });
    else await wait(500);
  }
  try {
    return await install();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryOpen(file: string) {
  return open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
