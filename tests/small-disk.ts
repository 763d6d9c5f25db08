import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm, rmdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own, in memory. */
export type SmallDisk = {
  readonly folder: string;
  /** Takes what is left of it. */
  fill(): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  remove(): Promise<void>;
};

export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-disk-'));
  const ballast = join(folder, 'ballast');
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  return {
    folder,
    async fill() {
      for (;;) {
        const { bavail, bsize } = await statfs(folder);
        if (bavail === 0) return;
        const piece = Buffer.alloc(Math.min(bavail * bsize, 4 * 1024 * 1024));
        // Somebody else may have taken it meanwhile.
        await appendFile(ballast, piece).catch(() => {});
      }
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['-l', folder]);
      await rmdir(folder);
    },
  };
}
