import { statfsSync } from 'node:fs';
import { refuseFullDisk } from '@kumiki/store';

/**
 * The embedded database does not outlast a log that finds no room: it hangs, for good. Its log grows by 16 MiB at a time,
 * so writing ends while there is room for some of those.
 */
const reserveBytes = 64 * 1024 * 1024;
const lookMilliseconds = 1_000;

/** Looks after the room that is left on the disk of a folder. */
export type DiskRoom = {
  /**
   * Throws `disk-full` (507) where so many bytes more would take what is kept back. At once, since every question asks:
   * the kernel knows the number without the disk, and a promise of it would come back by way of another thread.
   */
  check(bytes?: number): void;
};

/** `readFree` tells the bytes that are free on the disk of a folder. */
export function createDiskRoom(folder: string, readFree: (folder: string) => number = readFreeBytes): DiskRoom {
  let free = Number.POSITIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    check(bytes = 0) {
      if (performance.now() - lookedAt > lookMilliseconds) {
        free = readFree(folder);
        lookedAt = performance.now();
      }
      if (free - bytes < reserveBytes) throw refuseFullDisk();
    },
  };
}

/** Where nobody tells, the disk itself will. */
function readFreeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
