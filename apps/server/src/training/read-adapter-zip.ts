import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AdapterValue, BlobStore } from '@kumiki/node-sdk';
import { adapterFileNames, digestAdapter } from '@kumiki/training';
import { type Entry, openPromise as openZip, type ZipFile } from 'yauzl';
import { z } from 'zod';
import { readWhole } from '../read-whole.ts';
import { refuseAdapter, refuseLargeAdapter } from './adapter-refusals.ts';

/** A rank of 64 over a model of eight billion, in 32 bits, takes about half of it. */
const mostBytes = 2 * 2 ** 30;
const mostConfigurationBytes = 1 << 20;
const mostHeaderBytes = 100 * 2 ** 20;

/** Plain LoRA: what the hosts here all understand. */
const configurationSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().min(1),
  base_model_name_or_path: z.string().nullish(),
  use_dora: z.literal(false).nullish(),
  use_rslora: z.literal(false).nullish(),
  rank_pattern: z.record(z.string(), z.never()).nullish(),
  alpha_pattern: z.record(z.string(), z.never()).nullish(),
  modules_to_save: z.array(z.never()).nullish(),
});

export type ReadAdapter = Pick<AdapterValue, 'digest' | 'files'> & {
  /** As the folder itself calls its base, which may be a path of another machine. */
  readonly baseName: string | null;
};

/**
 * Reads a ZIP file of a PEFT folder into the blob store: its configuration and its weights, and nothing else of it. Throws
 * `adapter-invalid`, `file-too-large`.
 */
export async function readAdapterZip(
  body: ReadableStream<Uint8Array> | null,
  blobs: BlobStore,
  signal: AbortSignal,
): Promise<ReadAdapter> {
  if (body === null) throw refuseAdapter('zip');
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-upload-'));
  try {
    const file = join(folder, 'adapter.zip');
    await pipeline(Readable.from(limitBytes(body)), createWriteStream(file), { signal });
    const zip = await openZip(file, { autoClose: false }).catch(() => {
      throw refuseAdapter('zip');
    });
    try {
      return await readEntries(zip, blobs, signal);
    } finally {
      zip.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readEntries(zip: ZipFile, blobs: BlobStore, signal: AbortSignal): Promise<ReadAdapter> {
  const entries = await findEntries(zip);
  const files: AdapterValue['files'][number][] = [];
  let baseName: string | null = null;
  for (const name of adapterFileNames) {
    const entry = entries.get(name);
    if (entry === undefined) throw refuseAdapter('files');
    if (entry.uncompressedSize > mostBytes) throw refuseLargeAdapter(mostBytes);
    const isConfiguration = name === 'adapter_config.json';
    if (isConfiguration) baseName = await readConfiguration(zip, entry);
    else await checkWeights(zip, entry);
    const content = await zip.openReadStreamPromise(entry);
    files.push({ name, ...(await blobs.put(limitBytes(content), signal)) });
  }
  return { digest: digestAdapter(files), files, baseName };
}

/** The folder may lie within another one, as most programs pack it. */
async function findEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.split('/').at(-1) ?? '';
      if (!entry.fileName.startsWith('__MACOSX/') && !entries.has(name)) entries.set(name, entry);
    }
  } catch {
    throw refuseAdapter('zip');
  }
  return entries;
}

async function readConfiguration(zip: ZipFile, entry: Entry): Promise<string | null> {
  if (entry.uncompressedSize > mostConfigurationBytes) throw refuseAdapter('configuration');
  const text = new TextDecoder().decode(await readWhole(await zip.openReadStreamPromise(entry)));
  const parsed = configurationSchema.safeParse(parseJson(text));
  if (!parsed.success) throw refuseAdapter('configuration');
  return parsed.data.base_model_name_or_path ?? null;
}

/**
 * Safetensors begin with the length of a JSON header, and then the header, which names the tensors. Whatever is not that
 * (a pickle, which could run code where it is loaded) is refused here.
 */
async function checkWeights(zip: ZipFile, entry: Entry): Promise<void> {
  const stream = await zip.openReadStreamPromise(entry);
  const pieces: Buffer[] = [];
  let length = 0;
  let needed = 8;
  for await (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (needed === 8 && length >= 8) {
      const header = Buffer.concat(pieces).readBigUInt64LE();
      if (header > BigInt(Math.min(mostHeaderBytes, entry.uncompressedSize))) throw refuseAdapter('weights');
      needed = 8 + Number(header);
    }
    if (length >= needed && needed > 8) break;
  }
  const header = parseJson(Buffer.concat(pieces).subarray(8, needed).toString('utf8'));
  const names = typeof header === 'object' && header !== null ? Object.keys(header) : [];
  const tensors = names.filter((name) => name !== '__metadata__');
  if (tensors.length === 0 || !tensors.every((name) => /\.lora_[AB]\./.test(name))) throw refuseAdapter('weights');
}

async function* limitBytes(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw refuseLargeAdapter(mostBytes);
    yield piece;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
