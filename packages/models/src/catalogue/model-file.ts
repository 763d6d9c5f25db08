import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { CatalogueEntry } from './catalogue.ts';

/** Where a model's file lies, or belongs. */
export function modelFilePath(entry: Pick<CatalogueEntry, 'name'>, folder: string): string {
  return path.join(folder, `${entry.name}.gguf`);
}

/** What was hashed when: as long as size and time are these, the file need not be read whole again. */
const checkedSchema = z.object({ sha256: z.string(), bytes: z.number(), modified: z.number() });

/**
 * SHA-256 (hex) of a file, or null where there is none. The result is kept beside the file, so that only the first call
 * after a change reads it: half a gigabyte takes a second.
 */
export async function hashModelFile(file: string, signal: AbortSignal): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  const record = `${file}.sha256.json`;
  const known = checkedSchema.safeParse(parseJson(await readFile(record, 'utf8').catch(() => '')));
  if (known.success && known.data.bytes === found.size && known.data.modified === found.mtimeMs) {
    return known.data.sha256;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  const sha256 = hash.digest('hex');
  const temporary = `${record}.${process.pid}`;
  // A folder that cannot be written to costs the next start another reading, nothing else.
  await writeFile(temporary, JSON.stringify({ sha256, bytes: found.size, modified: found.mtimeMs }))
    .then(() => rename(temporary, record))
    .catch(() => undefined);
  return sha256;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
