import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BlobStore, KumikiError } from '@kumiki/node-sdk';

const hashPattern = /^[0-9a-f]{64}$/;

/** Keeps files in a folder, each under its SHA-256. */
export async function openBlobStore(folder: string): Promise<BlobStore> {
  const drafts = join(folder, 'drafts');
  // What lies there was being written by a process that is gone.
  await rm(drafts, { recursive: true, force: true });
  await mkdir(drafts, { recursive: true });

  return {
    async put(content, signal) {
      const draft = join(drafts, crypto.randomUUID());
      try {
        const { sha256, bytes } = await writeDraft(draft, content, signal);
        const path = pathOf(folder, sha256);
        if (await exists(path)) {
          // Put in anew: whoever clears up by age must not take it for an old one that nobody names.
          await utimes(path, new Date(), new Date());
        } else {
          await mkdir(dirname(path), { recursive: true });
          await rename(draft, path);
          await syncFolder(dirname(path));
        }
        return { sha256, bytes };
      } finally {
        await rm(draft, { force: true });
      }
    },
    read: (sha256, signal) => readBlob(pathOf(folder, sha256), sha256, signal),
    has: (sha256) => exists(pathOf(folder, sha256)),
    delete: (sha256) => rm(pathOf(folder, sha256), { force: true }),
    list: () => listBlobs(folder),
  };
}

async function writeDraft(
  path: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const piece of content) {
      signal.throwIfAborted();
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    signal.throwIfAborted();
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Throws `blob-missing`, and `blob-damaged` at the end of a content that is not what it was. */
async function* readBlob(path: string, sha256: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { signal })) {
      hash.update(piece);
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw refuseMissing(sha256, error);
    throw error;
  }
  if (hash.digest('hex') !== sha256) throw refuseDamaged(sha256);
}

/** Hashes come from databases and addresses; anything else must not become a path. */
function pathOf(folder: string, sha256: string): string {
  if (!hashPattern.test(sha256)) throw refuseMissing(sha256);
  return join(folder, sha256.slice(0, 2), sha256);
}

async function* listBlobs(folder: string): AsyncGenerator<{ sha256: string; bytes: number; storedAt: Date }> {
  for (const shelf of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
    for (const sha256 of await readdir(join(folder, shelf))) {
      const found = await stat(join(folder, shelf, sha256)).catch(() => null);
      if (found !== null && hashPattern.test(sha256)) yield { sha256, bytes: found.size, storedAt: found.mtime };
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** A rename is safe against the loss of power only once its folder is written; Windows cannot, and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refuseMissing(sha256: string, cause?: unknown): KumikiError {
  return new KumikiError({
    code: 'blob-missing',
    message: {
      en: `The content of a file (${sha256.slice(0, 12)}…) is missing from the data folder. Upload the file again, or restore a backup.`,
      ja: `ファイルの中身（${sha256.slice(0, 12)}…）がデータフォルダーにありません。ファイルをもう一度アップロードするか、バックアップを復元してください。`,
    },
    status: 404,
    cause,
  });
}

function refuseDamaged(sha256: string): KumikiError {
  return new KumikiError({
    code: 'blob-damaged',
    message: {
      en: `The content of a file (${sha256.slice(0, 12)}…) has changed on the disk. Upload the file again, or restore a backup.`,
      ja: `ファイルの中身（${sha256.slice(0, 12)}…）がディスク上で変わっています。ファイルをもう一度アップロードするか、バックアップを復元してください。`,
    },
  });
}
