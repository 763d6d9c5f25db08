import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readGgufHeader } from '@kumiki/node-sdk/gguf-header';
import { z } from 'zod';

/** What memory and time of a training depend on. */
export type ModelShape = {
  readonly parameters: number;
  /** Of these, what the embedding table has, and the head where it is a table of its own. */
  readonly embedding: number;
  readonly tiedEmbeddings: boolean;
  readonly layers: number;
  readonly hidden: number;
  readonly feedForward: number;
  /** Width of all heads together, for queries and for keys or values. */
  readonly attention: { readonly queries: number; readonly values: number };
  readonly vocabulary: number;
};

/** From the head of a GGUF file. Throws where it is none, or of a kind whose shape it does not tell. */
export async function readGgufShape(file: string): Promise<ModelShape> {
  const { metadata, tensors } = await readGgufHeader(file);
  const architecture = metadata.get('general.architecture');
  const number = (key: string): number | null => {
    const value = metadata.get(`${architecture}.${key}`);
    return typeof value === 'number' ? value : null;
  };
  const need = (key: string): number => {
    const value = number(key);
    if (value === null) throw new Error(`${file} does not tell ${architecture}.${key}`);
    return value;
  };
  const hidden = need('embedding_length');
  const heads = need('attention.head_count');
  const width = number('attention.key_length') ?? hidden / heads;
  const vocabulary = tensors.get('token_embd.weight')?.[1] ?? 0;
  const tiedEmbeddings = !tensors.has('output.weight');
  return {
    parameters: [...tensors.values()].reduce(
      (sum, sizes) => sum + sizes.reduce((product, size) => product * size, 1),
      0,
    ),
    embedding: vocabulary * hidden * (tiedEmbeddings ? 1 : 2),
    tiedEmbeddings,
    layers: need('block_count'),
    hidden,
    feedForward: need('feed_forward_length'),
    attention: { queries: heads * width, values: (number('attention.head_count_kv') ?? heads) * width },
    vocabulary,
  };
}

const configurationSchema = z.object({
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().nullish(),
  head_dim: z.int().nullish(),
  vocab_size: z.int(),
  tie_word_embeddings: z.boolean().default(true),
});

/** From a folder in the form of the hub: `config.json`. Parameters are counted from the shape, norms left out. */
export async function readFolderShape(folder: string): Promise<ModelShape> {
  const text = await readFile(path.join(folder, 'config.json'), 'utf8');
  const config = configurationSchema.parse(JSON.parse(text));
  const hidden = config.hidden_size;
  const width = config.head_dim ?? hidden / config.num_attention_heads;
  const queries = config.num_attention_heads * width;
  const values = (config.num_key_value_heads ?? config.num_attention_heads) * width;
  const embedding = config.vocab_size * hidden * (config.tie_word_embeddings ? 1 : 2);
  const layer = 2 * hidden * (queries + values) + 3 * hidden * config.intermediate_size;
  return {
    parameters: embedding + config.num_hidden_layers * layer,
    embedding,
    tiedEmbeddings: config.tie_word_embeddings,
    layers: config.num_hidden_layers,
    hidden,
    feedForward: config.intermediate_size,
    attention: { queries, values },
    vocabulary: config.vocab_size,
  };
}

/** Numbers that LoRA adds: two narrow tables beside each of the seven linear tables of a layer. */
export function countAdapterParameters(shape: ModelShape, rank: number): number {
  const { hidden, feedForward, attention } = shape;
  const attentionSides = 2 * (hidden + attention.queries) + 2 * (hidden + attention.values);
  return shape.layers * rank * (attentionSides + 3 * (hidden + feedForward));
}

/** Whether a file begins as GGUF files do. */
export async function isGgufFile(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'GGUF';
  } finally {
    await handle.close();
  }
}
