import { Buffer } from 'node:buffer';

/** A tensor of an E5S1 file: 32-bit floats, or Q4_0 blocks in the very layout that ggml uses. */
export type E5Tensor = { readonly quantised: boolean; readonly data: Uint8Array };

/** What an `E5S1` file holds: an XLM-RoBERTa style encoder with its unigram tokenizer. */
export type E5File = {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardSize: number;
  /** Rows of the token embedding; at least as many as there are pieces. */
  readonly vocabularySize: number;
  readonly positions: number;
  readonly normEpsilon: number;
  readonly tokens: { readonly begin: number; readonly end: number; readonly padding: number; readonly unknown: number };
  readonly pieces: readonly string[];
  readonly scores: readonly number[];
  /** How the tokenizer rewrites single code points before it looks for pieces. */
  readonly normalisation: ReadonlyMap<number, string>;
  readonly tensors: ReadonlyMap<string, E5Tensor>;
};

/** Parses the file that the package carries. Throws where it is not one, or is cut short. */
export function parseE5File(content: Uint8Array): E5File {
  const reader = createReader(content);
  if (reader.latin1(4) !== 'E5S1') throw new Error('Not an E5S1 file: its first four bytes are others.');
  reader.skip(4);
  const [hiddenSize, layers, heads] = [reader.int32(), reader.int32(), reader.int32()];
  const [feedForwardSize, vocabularySize, positions] = [reader.int32(), reader.int32(), reader.int32()];
  reader.int32(); // rows of the segment embedding; only the first is ever used
  const normEpsilon = reader.float32();
  reader.int32(); // block size of the quantisation, fixed by Q4_0
  const pieceCount = reader.int32();
  const [begin, end, padding, unknown] = [reader.int32(), reader.int32(), reader.int32(), reader.int32()];
  const textLength = reader.uint64();
  const offsets = Array.from({ length: pieceCount + 1 }, () => reader.uint32());
  const scores = Array.from({ length: pieceCount }, () => reader.float32());
  const text = reader.bytes(textLength);
  const pieces = scores.map((_, index) =>
    Buffer.from(text.subarray(offsets[index], offsets[index + 1])).toString('utf8'),
  );
  return {
    hiddenSize,
    layers,
    heads,
    feedForwardSize,
    vocabularySize,
    positions,
    normEpsilon,
    tokens: { begin, end, padding, unknown },
    pieces,
    scores,
    normalisation: readNormalisation(reader),
    tensors: readTensors(reader, content),
  };
}

function readNormalisation(reader: Reader): ReadonlyMap<number, string> {
  const count = reader.int32();
  reader.uint32(); // bytes of the table
  const table = new Map<number, string>();
  for (let index = 0; index < count; index += 1) {
    const codePoint = reader.uint32();
    const length = reader.uint8();
    table.set(codePoint, String.fromCodePoint(...Array.from({ length }, () => reader.uint32())));
  }
  return table;
}

function readTensors(reader: Reader, content: Uint8Array): ReadonlyMap<string, E5Tensor> {
  const count = reader.int32();
  const tensors = new Map<string, E5Tensor>();
  for (let index = 0; index < count; index += 1) {
    const name = Buffer.from(reader.bytes(reader.uint16())).toString('utf8');
    const quantised = reader.uint8() === 1;
    reader.uint32(); // number of values, which the dimensions say as well
    const [offset, length] = [reader.uint64(), reader.uint64()];
    if (offset + length > content.length) throw new Error(`The E5S1 file is cut short at tensor ${name}.`);
    tensors.set(name, { quantised, data: content.subarray(offset, offset + length) });
  }
  return tensors;
}

type Reader = ReturnType<typeof createReader>;

function createReader(content: Uint8Array) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let position = 0;
  const advance = (length: number): number => {
    position += length;
    return position - length;
  };
  return {
    skip: advance,
    bytes: (length: number) => content.subarray(advance(length), position),
    latin1: (length: number) => Buffer.from(content.subarray(advance(length), position)).toString('latin1'),
    uint8: () => view.getUint8(advance(1)),
    uint16: () => view.getUint16(advance(2), true),
    int32: () => view.getInt32(advance(4), true),
    uint32: () => view.getUint32(advance(4), true),
    float32: () => view.getFloat32(advance(4), true),
    uint64: () => Number(view.getBigUint64(advance(8), true)),
  };
}
