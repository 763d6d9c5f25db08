import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFolderHolder, lockFileName, lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kumiki-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const readLock = async () => JSON.parse(await readFile(join(folder, lockFileName), 'utf8'));
const writeLock = (lock: object | string) =>
  writeFile(join(folder, lockFileName), typeof lock === 'string' ? lock : JSON.stringify(lock));

async function findDeadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

describe('the lock of a data folder', () => {
  it('refuses a second holder by name, until it is released', async () => {
    const held = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining(String(process.pid)),
    });
    expect(await findFolderHolder(folder)).toMatchObject({ pid: process.pid });
    await held.release();
    expect(await findFolderHolder(folder)).toBeNull();
    await (await lockFolder(folder)).release();
  });

  it('is taken over from a process that is gone', async () => {
    await (await lockFolder(folder)).release();
    const held = await lockFolder(folder);
    await writeLock({ ...(await readLock()), pid: await findDeadPid(), token: 'dead' });
    const next = await lockFolder(folder);
    expect(await readLock()).toMatchObject({ pid: process.pid });
    await held.release();
    expect(await findFolderHolder(folder)).not.toBeNull();
    await next.release();
  });

  it('is taken over where another process has the PID now', async () => {
    const held = await lockFolder(folder);
    await writeLock({ ...(await readLock()), startedAt: 'an earlier boot', token: 'dead' });
    await (await lockFolder(folder)).release();
    await held.release();
  });

  it('is taken over where it cannot be read', async () => {
    await writeLock('{"pid":');
    await (await lockFolder(folder)).release();
  });

  it('of another machine holds as long as that one touches it', async () => {
    const held = await lockFolder(folder);
    await writeLock({ ...(await readLock()), host: 'elsewhere', token: 'other' });
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'data-folder-in-use' });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, lockFileName), longAgo, longAgo);
    await (await lockFolder(folder)).release();
    await held.release();
  });

  it('goes to exactly one of many who ask at once', async () => {
    await writeLock('damaged');
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const won = asked.filter((each) => each.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await Promise.all(won.map((each) => each.value.release()));
  });
});
