import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelHost } from '@kumiki/node-sdk';

const hashBytes = 32;

/**
 * A host that keeps every vector in a file, so that a bench does not pay twice for the same text. The file belongs to
 * one model; a record is the text's SHA-256 and its vector in 32-bit floats, and a torn last record is ignored.
 */
export async function cacheEmbeddings(
  host: ModelHost,
  { file, dimensions }: { readonly file: string; readonly dimensions: number },
): Promise<ModelHost> {
  await mkdir(path.dirname(file), { recursive: true });
  const known = await readRecords(file, dimensions);
  return {
    ...host,
    async embed({ model, texts }, signal) {
      const hashes = texts.map(hashText);
      const missing = texts.filter((_, place) => !known.has(hashes[place] ?? ''));
      const { vectors, tokens } =
        missing.length === 0 ? { vectors: [], tokens: 0 } : await host.embed({ model, texts: missing }, signal);
      const records: Uint8Array[] = [];
      for (const [place, vector] of vectors.entries()) {
        const hash = hashText(missing[place] ?? '');
        known.set(hash, vector);
        records.push(Buffer.from(hash, 'hex'), new Uint8Array(vector.slice().buffer));
      }
      if (records.length > 0) await appendFile(file, Buffer.concat(records));
      return { vectors: hashes.map((hash) => known.get(hash) ?? new Float32Array(dimensions)), tokens };
    },
  };
}

async function readRecords(file: string, dimensions: number): Promise<Map<string, Float32Array>> {
  const content = await readFile(file).catch(() => Buffer.alloc(0));
  const size = hashBytes + dimensions * Float32Array.BYTES_PER_ELEMENT;
  const records = new Map<string, Float32Array>();
  for (let start = 0; start + size <= content.length; start += size) {
    const vector = content.subarray(start + hashBytes, start + size);
    records.set(content.toString('hex', start, start + hashBytes), new Float32Array(new Uint8Array(vector).buffer));
  }
  return records;
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
