import { Buffer } from 'node:buffer';

/** Types of metadata values, by their numbers in the GGUF specification (version 3). */
const valueTypes = { uint8: 0, uint32: 4, int32: 5, float32: 6, boolean: 7, string: 8, array: 9 } as const;

/** Types of tensors that are written here, by their numbers in ggml. */
export const tensorTypes = { f32: 0, q4_0: 2 } as const;

export type GgufTensor = {
  readonly name: string;
  /** Innermost first, as ggml counts. */
  readonly dimensions: readonly number[];
  /** By its number in ggml. */
  readonly type: number;
  readonly data: Uint8Array;
};

const alignment = 32;

/** One metadata entry, already in bytes. */
export type GgufEntry = Uint8Array;

export const ggufEntry = {
  string: (key: string, value: string): GgufEntry => entry(key, valueTypes.string, string(value)),
  uint32: (key: string, value: number): GgufEntry => entry(key, valueTypes.uint32, uint32(value)),
  float32: (key: string, value: number): GgufEntry => entry(key, valueTypes.float32, float32(value)),
  boolean: (key: string, value: boolean): GgufEntry => entry(key, valueTypes.boolean, Uint8Array.of(value ? 1 : 0)),
  strings: (key: string, values: readonly string[]): GgufEntry =>
    array(key, valueTypes.string, values.length, Buffer.concat(values.map(string))),
  float32s: (key: string, values: readonly number[]): GgufEntry =>
    array(key, valueTypes.float32, values.length, Buffer.concat(values.map(float32))),
  int32s: (key: string, values: readonly number[]): GgufEntry =>
    array(key, valueTypes.int32, values.length, Buffer.concat(values.map(int32))),
  bytes: (key: string, values: Uint8Array): GgufEntry => array(key, valueTypes.uint8, values.length, values),
};

/** A GGUF file (version 3) in pieces to be written one after the other. */
export function* writeGguf(entries: readonly GgufEntry[], tensors: readonly GgufTensor[]): Generator<Uint8Array> {
  const head: Uint8Array[] = [
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.length),
    ...entries,
  ];
  let offset = 0;
  for (const tensor of tensors) {
    head.push(string(tensor.name), uint32(tensor.dimensions.length), ...tensor.dimensions.map(uint64));
    head.push(uint32(tensor.type), uint64(offset));
    offset += tensor.data.length + padding(tensor.data.length);
  }
  const description = Buffer.concat(head);
  yield description;
  yield Buffer.alloc(padding(description.length));
  for (const { data } of tensors) {
    yield data;
    yield Buffer.alloc(padding(data.length));
  }
}

function padding(length: number): number {
  return (alignment - (length % alignment)) % alignment;
}

function entry(key: string, type: number, value: Uint8Array): GgufEntry {
  return Buffer.concat([string(key), uint32(type), value]);
}

function array(key: string, type: number, count: number, values: Uint8Array): GgufEntry {
  return entry(key, valueTypes.array, Buffer.concat([uint32(type), uint64(count), values]));
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
