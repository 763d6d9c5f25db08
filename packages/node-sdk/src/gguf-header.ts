import { open } from 'node:fs/promises';

export type GgufHeader = {
  /** Numbers, texts and truth values; lists are passed over. */
  readonly metadata: ReadonlyMap<string, string | number | boolean>;
  /** Sizes by name, the fastest-moving one first. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
};

const firstBytes = 1 << 24;
const mostBytes = 1 << 28;

/**
 * What stands before the weights in a GGUF file (version 2 or 3). Vocabularies make it some megabytes long; it is read in
 * pieces that double until it is whole.
 */
export async function readGgufHeader(file: string): Promise<GgufHeader> {
  const handle = await open(file);
  try {
    for (let length = firstBytes; length <= mostBytes; length *= 2) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0);
      try {
        return parseHeader(buffer.subarray(0, bytesRead));
      } catch (error) {
        if (!(error instanceof RangeError) || bytesRead < length) throw error;
      }
    }
    throw new Error('The head of the GGUF file does not end.');
  } finally {
    await handle.close();
  }
}

/** Throws RangeError where the bytes end before the header does. */
function parseHeader(bytes: Buffer): GgufHeader {
  const cursor = new Cursor(bytes);
  if (cursor.take(4).toString('latin1') !== 'GGUF') throw new Error('This is no GGUF file.');
  const version = cursor.take(4).readUInt32LE();
  if (version !== 2 && version !== 3) throw new Error(`GGUF version ${version} is unknown.`);
  const tensorCount = cursor.uint64();
  const entryCount = cursor.uint64();
  const metadata = new Map<string, string | number | boolean>();
  for (let place = 0; place < entryCount; place += 1) {
    const key = cursor.text();
    const value = readValue(cursor, cursor.uint32());
    if (value !== null) metadata.set(key, value);
  }
  const tensors = new Map<string, readonly number[]>();
  for (let place = 0; place < tensorCount; place += 1) {
    const name = cursor.text();
    const sizes = Array.from({ length: cursor.uint32() }, () => cursor.uint64());
    cursor.take(4 + 8); // type, offset
    tensors.set(name, sizes);
  }
  return { metadata, tensors };
}

/** Single values, by the type numbers of the GGUF specification. */
const readers: Readonly<Record<number, (cursor: Cursor) => string | number | boolean>> = {
  0: (cursor) => cursor.take(1).readUInt8(),
  1: (cursor) => cursor.take(1).readInt8(),
  2: (cursor) => cursor.take(2).readUInt16LE(),
  3: (cursor) => cursor.take(2).readInt16LE(),
  4: (cursor) => cursor.uint32(),
  5: (cursor) => cursor.take(4).readInt32LE(),
  6: (cursor) => cursor.take(4).readFloatLE(),
  7: (cursor) => cursor.take(1).readUInt8() === 1,
  8: (cursor) => cursor.text(),
  10: (cursor) => cursor.uint64(),
  11: (cursor) => Number(cursor.take(8).readBigInt64LE()),
  12: (cursor) => cursor.take(8).readDoubleLE(),
};
/** Bytes of values of a fixed size. */
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const textType = 8;
const listType = 9;

function readValue(cursor: Cursor, type: number): string | number | boolean | null {
  if (type === listType) {
    skipList(cursor);
    return null;
  }
  const read = readers[type];
  if (read === undefined) throw new Error(`The GGUF value type ${type} is unknown.`);
  return read(cursor);
}

/** Vocabularies have hundreds of thousands of entries, so that nothing is made of them. */
function skipList(cursor: Cursor): void {
  const type = cursor.uint32();
  const length = cursor.uint64();
  const size = sizes[type];
  if (size !== undefined) cursor.take(length * size);
  else if (type === textType) for (let place = 0; place < length; place += 1) cursor.take(cursor.uint64());
  else if (type === listType) for (let place = 0; place < length; place += 1) skipList(cursor);
  else throw new Error(`The GGUF value type ${type} is unknown.`);
}

class Cursor {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    if (this.#position + length > this.#bytes.length) throw new RangeError('The GGUF file is cut short.');
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  uint32(): number {
    return this.take(4).readUInt32LE();
  }

  uint64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  text(): string {
    return this.take(this.uint64()).toString('utf8');
  }
}
