import { statfs } from 'node:fs/promises';
import { refuseFullDisk } from '@kumiki/store';

/**
 * The embedded database does not outlast a log that finds no room: it hangs, for good. Its log grows by 16 MiB at a time,
 * so writing ends while there is room for some of those.
 */
const reserveBytes = 64 * 1024 * 1024;
const lookMilliseconds = 1_000;

/** Looks after the room that is left on the disk of a folder. */
export type DiskRoom = {
  /** Throws `disk-full` (507) where so many bytes more would take what is kept back. */
  check(bytes?: number): Promise<void>;
};

export function createDiskRoom(folder: string): DiskRoom {
  let free = Number.POSITIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    async check(bytes = 0) {
      if (performance.now() - lookedAt > lookMilliseconds) {
        // Where nobody tells, the disk itself will.
        const found = await statfs(folder).catch(() => null);
        free = found === null ? Number.POSITIVE_INFINITY : found.bavail * found.bsize;
        lookedAt = performance.now();
      }
      if (free - bytes < reserveBytes) throw refuseFullDisk();
    },
  };
}
