import { execFile } from 'node:child_process';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KumikiError } from '@kumiki/node-sdk';
import { z } from 'zod';

/** Lies in the data folder while a process has it open. Other files of that process may lie beside it. */
export const lockFileName = 'kumiki.lock';

const lockSchema = z.object({
  pid: z.int().positive(),
  /** What the system says of the process's start: a recycled PID has another. Null where the system does not tell. */
  startedAt: z.string().nullable(),
  host: z.string(),
  token: z.string(),
});
export type FolderLock = z.infer<typeof lockSchema>;

/** While it holds the lock, a process touches it this often, so that another machine or container can see it live. */
const touchEvery = 5_000;
const silentAfter = 20_000;

export type HeldFolder = { release(): Promise<void> };

/**
 * Takes a data folder for this process alone: two writers on one embedded database lose data silently. The lock of a
 * process that is gone, also of one whose PID somebody else has now, is taken over. Throws `data-folder-in-use`.
 */
export async function lockFolder(folder: string): Promise<HeldFolder> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, lockFileName);
  const own: FolderLock = {
    pid: process.pid,
    startedAt: await readProcessStart(process.pid),
    host: hostname(),
    token: crypto.randomUUID(),
  };
  const draft = `${path}.${own.token}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    // Linking is atomic and comes with the content, so nobody ever reads half a lock.
    while (!(await tryLink(draft, path))) {
      const holder = await readLock(path);
      if (holder === 'gone') continue;
      if (holder !== 'damaged' && (await isAlive(holder, path))) throw refuse(holder);
      if (await takeOver(draft, path, holder)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  const touching = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), touchEvery);
  touching.unref();
  return {
    async release() {
      clearInterval(touching);
      const holder = await readLock(path);
      if (typeof holder === 'object' && holder.token === own.token) await rm(path, { force: true });
    },
  };
}

/** Who has the folder open now, if anybody. */
export async function findFolderHolder(folder: string): Promise<FolderLock | null> {
  const path = join(folder, lockFileName);
  const holder = await readLock(path);
  return typeof holder === 'object' && (await isAlive(holder, path)) ? holder : null;
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readLock(path: string): Promise<FolderLock | 'gone' | 'damaged'> {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : 'damaged';
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'gone';
    if (error instanceof SyntaxError) return 'damaged';
    throw error;
  }
}

/**
 * Puts the new lock in the place of a stale one, in one step, so that there is a lock at every moment. Those who want to
 * do so take turns, and look again when it is theirs: the one before may have been quicker. False where it was.
 */
async function takeOver(draft: string, path: string, stale: FolderLock | 'damaged'): Promise<boolean> {
  const turn = `${path}.turn`;
  try {
    await mkdir(turn);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    await wait(20);
    // A turn takes a millisecond: whoever had this one died in it.
    const begun = await stat(turn).catch(() => null);
    if (begun !== null && Date.now() - begun.mtimeMs > silentAfter) await rm(turn, { recursive: true, force: true });
    return false;
  }
  try {
    const holder = await readLock(path);
    const isStale =
      typeof holder === 'object' ? typeof stale === 'object' && holder.token === stale.token : holder === stale;
    if (isStale) await rename(draft, path);
    return isStale;
  } finally {
    await rm(turn, { recursive: true, force: true });
  }
}

async function isAlive(holder: FolderLock, path: string): Promise<boolean> {
  if (holder.host !== hostname()) {
    const touched = await stat(path).catch(() => null);
    return touched !== null && Date.now() - touched.mtimeMs < silentAfter;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process is there, and belongs to somebody else.
    if (!isCode(error, 'EPERM')) return false;
  }
  const startedAt = await readProcessStart(holder.pid);
  return holder.startedAt === null || startedAt === null || holder.startedAt === startedAt;
}

/** When a process started, as text to compare; null where the system does not tell. */
async function readProcessStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8');
      const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
      // Field 22, counted after the command's name, which may hold blanks and brackets.
      const ticks = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
      return ticks === undefined ? null : `${boot.trim()}/${ticks}`;
    }
    if (process.platform === 'win32') return null;
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

function refuse(holder: FolderLock): KumikiError {
  return new KumikiError({
    code: 'data-folder-in-use',
    message: {
      en: `The data folder is in use by another Kumiki (process ${holder.pid} on ${holder.host}). Stop that one first, or start this one with another data folder.`,
      ja: `データフォルダーは別の Kumiki（${holder.host} のプロセス ${holder.pid}）が使用中です。先にそちらを終了するか、別のデータフォルダーを指定して起動してください。`,
    },
    status: 409,
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
