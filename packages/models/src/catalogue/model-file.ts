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

/** The same in memory, for folders that cannot be written to. */
const checkedHere = new Map<string, z.infer<typeof checkedSchema>>();

/**
 * SHA-256 (hex) of a file, or null where there is none. The result is kept beside the file, so that only the first call
 * after a change reads it: half a gigabyte takes a second.
 */
export async function hashModelFile(file: string, signal: AbortSignal): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  const record = `${file}.sha256.json`;
  const known = checkedHere.get(file) ?? parseChecked(await readFile(record, 'utf8').catch(() => ''));
  if (known !== null && known.bytes === found.size && known.modified === found.mtimeMs) return known.sha256;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  const checked = { sha256: hash.digest('hex'), bytes: found.size, modified: found.mtimeMs };
  checkedHere.set(file, checked);
  const temporary = `${record}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(checked))
    .then(() => rename(temporary, record))
    .catch(() => undefined);
  return checked.sha256;
}

function parseChecked(text: string): z.infer<typeof checkedSchema> | null {
  try {
    return checkedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
