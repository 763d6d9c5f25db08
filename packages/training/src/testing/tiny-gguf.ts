/** The head of a GGUF file as llama.cpp writes it, with whatever metadata and tensors a test needs, and no weights. */
export function writeTinyGguf(of: {
  readonly metadata: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}): Buffer {
  const pieces: Buffer[] = [Buffer.from('GGUF'), uint32(3)];
  const tensors = Object.entries(of.tensors);
  const metadata = Object.entries(of.metadata);
  pieces.push(uint64(tensors.length), uint64(metadata.length));
  for (const [key, value] of metadata) pieces.push(text(key), ...writeValue(value));
  for (const [name, sizes] of tensors) {
    pieces.push(text(name), uint32(sizes.length), ...sizes.map(uint64), uint32(0), uint64(0));
  }
  return Buffer.concat(pieces);
}

/** The shape of a llama of two layers: small enough to reckon by hand. */
export const tinyLlama = {
  metadata: {
    'general.architecture': 'llama',
    'tokenizer.ggml.tokens': ['a', 'b', 'c'],
    'general.quantized': true,
    'llama.block_count': 2,
    'llama.embedding_length': 8,
    'llama.feed_forward_length': 16,
    'llama.attention.head_count': 4,
    'llama.attention.head_count_kv': 2,
  },
  tensors: { 'token_embd.weight': [8, 100], 'blk.0.attn_q.weight': [8, 8], 'output_norm.weight': [8] },
} as const;

function writeValue(value: string | number | boolean | readonly string[]): readonly Buffer[] {
  if (typeof value === 'string') return [uint32(8), text(value)];
  if (typeof value === 'number') return [uint32(4), uint32(value)];
  if (typeof value === 'boolean') return [uint32(7), Buffer.of(value ? 1 : 0)];
  return [uint32(9), uint32(8), uint64(value.length), ...value.map(text)];
}

function text(value: string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([uint64(content.length), content]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}
