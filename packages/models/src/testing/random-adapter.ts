import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChatAdapter } from '@kumiki/node-sdk';
import { ggufEntry, tensorTypes, writeGguf } from '../catalogue/gguf-writer.ts';
import { readGguf } from './gguf-file.ts';

const rank = 4;
const q4_1 = 3;
const blockLength = 32;
const blockBytes = 20;

type Layer = { readonly name: string; readonly a: Float32Array; readonly b: Float32Array };

export type MadeAdapter = ChatAdapter & { readonly made: { gguf: number; merged: number } };

/**
 * An adapter that nobody has trained, over a model of llama.cpp's `llama` architecture in Q4_1: random numbers of a seed on
 * the attention's output of every layer. Without Python, so that each host can be tried with the very same one.
 */
export async function makeRandomAdapter(options: {
  readonly base: string;
  readonly baseSha256: string;
  readonly seed: number;
  readonly folder: string;
  /** 0.1 turns what a small model says, and 0.2 leaves it no words. */
  readonly strength: number;
}): Promise<MadeAdapter> {
  const { base, baseSha256, seed, folder, strength } = options;
  const { entries, tensors } = await readGguf(base);
  const random = createRandom(seed);
  const layers: Layer[] = tensors
    .filter(({ name }) => name.endsWith('.attn_output.weight'))
    .map(({ name, dimensions: [inner = 0, outer = 0] }) => ({
      name,
      a: Float32Array.from({ length: rank * inner }, random),
      b: Float32Array.from({ length: outer * rank }, () => random() * strength),
    }));
  const hash = createHash('sha256').update(`${baseSha256}`);
  for (const { a, b } of layers) hash.update(toBytes(a)).update(toBytes(b));
  const hex = hash.digest('hex');
  await mkdir(folder, { recursive: true });
  const made = { gguf: 0, merged: 0 };

  const write = async (name: string, pieces: Iterable<Uint8Array>): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, pieces);
    return file;
  };
  return {
    digest: `sha256:${hex}`,
    base: `sha256:${baseSha256}`,
    made,
    ggufFile: () => {
      made.gguf += 1;
      return write(
        `adapter-${hex}.gguf`,
        writeGguf(
          [
            ggufEntry.string('general.architecture', 'llama'),
            ggufEntry.string('general.type', 'adapter'),
            ggufEntry.string('adapter.type', 'lora'),
            ggufEntry.float32('adapter.lora.alpha', rank),
          ],
          layers.flatMap(({ name, a, b }) => [
            { name: `${name}.lora_a`, dimensions: [a.length / rank, rank], type: tensorTypes.f32, data: toBytes(a) },
            { name: `${name}.lora_b`, dimensions: [rank, b.length / rank], type: tensorTypes.f32, data: toBytes(b) },
          ]),
        ),
      );
    },
    mergedFile: () => {
      made.merged += 1;
      const byName = new Map(layers.map((layer) => [layer.name, layer]));
      const merged = tensors.map((tensor) => {
        const layer = byName.get(tensor.name);
        if (layer === undefined) return tensor;
        if (tensor.type !== q4_1) throw new Error(`${tensor.name} is not in Q4_1.`);
        return { ...tensor, type: tensorTypes.f32, data: toBytes(addLayer(readQ41(tensor.data), layer)) };
      });
      return write(`merged-${hex}.gguf`, writeGguf(entries, merged));
    },
    peftFolder: () => Promise.reject(new Error('Nobody has trained this one.')),
  };
}

function addLayer(weights: Float32Array, { a, b }: Layer): Float32Array {
  const inner = a.length / rank;
  for (let row = 0; row < b.length / rank; row += 1) {
    for (let step = 0; step < rank; step += 1) {
      const factor = b[row * rank + step] ?? 0;
      for (let column = 0; column < inner; column += 1) {
        const place = row * inner + column;
        weights[place] = (weights[place] ?? 0) + factor * (a[step * inner + column] ?? 0);
      }
    }
  }
  return weights;
}

/** Blocks of 32 weights: scale and minimum as half floats, then 16 bytes with the first half in the low four bits. */
function readQ41(data: Uint8Array): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const blocks = Math.floor(data.byteLength / blockBytes);
  const weights = new Float32Array(blocks * blockLength);
  for (let block = 0; block < blocks; block += 1) {
    const start = block * blockBytes;
    const scale = view.getFloat16(start, true);
    const minimum = view.getFloat16(start + 2, true);
    for (let index = 0; index < 16; index += 1) {
      const pair = view.getUint8(start + 4 + index);
      weights[block * blockLength + index] = scale * (pair & 15) + minimum;
      weights[block * blockLength + index + 16] = scale * (pair >> 4) + minimum;
    }
  }
  return weights;
}

/** Numbers of -1…1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  };
}

function toBytes(numbers: Float32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
