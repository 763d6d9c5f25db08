import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AdapterValue, BlobStore } from '@kumiki/node-sdk';

/** What a PEFT folder needs, sorted by name. All else in one (notes, training states) is no part of the adapter. */
export const adapterFileNames = ['adapter_config.json', 'adapter_model.safetensors'] as const;

export type AdapterFiles = Pick<AdapterValue, 'digest' | 'files'>;

/** Puts the files of a PEFT folder into the blob store. */
export async function keepAdapter(folder: string, blobs: BlobStore, signal: AbortSignal): Promise<AdapterFiles> {
  const files: { name: string; sha256: string; bytes: number }[] = [];
  for (const name of adapterFileNames) {
    files.push({ name, ...(await blobs.put(createReadStream(path.join(folder, name)), signal)) });
  }
  return { digest: digestAdapter(files), files };
}

/** `sha256:…` over names and contents: the folder's place and times are no part of it. */
export function digestAdapter(files: AdapterValue['files']): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, sha256 } of sorted) hash.update(`${name}\0${sha256}\n`);
  return `sha256:${hash.digest('hex')}`;
}

/** Writes an adapter's files out as a PEFT folder, unless it is there whole. Throws `blob-missing`. */
export async function writeAdapterFolder(
  { files }: Pick<AdapterValue, 'files'>,
  folder: string,
  { blobs, signal }: { readonly blobs: BlobStore; readonly signal: AbortSignal },
): Promise<void> {
  if ((await stat(folder).catch(() => null)) !== null) return;
  const temporary = `${folder}.${crypto.randomUUID()}.new`;
  try {
    await mkdir(temporary, { recursive: true });
    for (const { name, sha256 } of files) {
      // Names of an upload were checked against `adapterFileNames`; one that leads elsewhere never gets here.
      const file = path.join(temporary, path.basename(name));
      await pipeline(Readable.from(blobs.read(sha256, signal)), createWriteStream(file), { signal });
    }
    await rename(temporary, folder).catch(async (error: unknown) => {
      // Another process was quicker, with the same contents.
      if ((await stat(folder).catch(() => null)) === null) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
