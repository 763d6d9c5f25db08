import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { countAdapterParameters, readFolderShape, readGgufShape } from './model-shape.ts';
import { tinyLlama, writeTinyGguf } from './testing/index.ts';
import { makeTrainingFolder } from './testing/training-folder.ts';

async function readShape(of: Parameters<typeof writeTinyGguf>[0]) {
  await using place = await makeTrainingFolder();
  const file = path.join(place.folder, 'model.gguf');
  await writeFile(file, writeTinyGguf(of));
  return await readGgufShape(file);
}

describe('the shape of a model', () => {
  it('is read from the head of a GGUF file', async () => {
    expect(await readShape(tinyLlama)).toEqual({
      parameters: 800 + 64 + 8,
      embedding: 800,
      tiedEmbeddings: true,
      layers: 2,
      hidden: 8,
      feedForward: 16,
      attention: { queries: 8, values: 4 },
      vocabulary: 100,
    });
  });

  it('counts a head of its own beside the embeddings', async () => {
    const tensors = { ...tinyLlama.tensors, 'output.weight': [8, 100] };
    expect(await readShape({ ...tinyLlama, tensors })).toMatchObject({ tiedEmbeddings: false, embedding: 1_600 });
  });

  it('takes the width of a head as it is told, where it is no part of the hidden width', async () => {
    const metadata = { ...tinyLlama.metadata, 'llama.attention.key_length': 16 };
    expect(await readShape({ ...tinyLlama, metadata })).toMatchObject({ attention: { queries: 64, values: 32 } });
  });

  it('is refused where the file is another, or cut short', async () => {
    await using place = await makeTrainingFolder();
    const file = path.join(place.folder, 'model.gguf');
    await writeFile(file, 'no model');
    await expect(readGgufShape(file)).rejects.toThrow('no GGUF');
    await writeFile(file, writeTinyGguf(tinyLlama).subarray(0, 200));
    await expect(readGgufShape(file)).rejects.toThrow('cut short');
  });

  it('is read from the configuration of a folder', async () => {
    await using place = await makeTrainingFolder();
    const config = {
      ...{ hidden_size: 8, intermediate_size: 16, num_hidden_layers: 2, num_attention_heads: 4 },
      ...{ num_key_value_heads: 2, vocab_size: 100, tie_word_embeddings: false },
    };
    await writeFile(path.join(place.folder, 'config.json'), JSON.stringify(config));
    const layer = 2 * 8 * (8 + 4) + 3 * 8 * 16;
    expect(await readFolderShape(place.folder)).toMatchObject({
      parameters: 1_600 + 2 * layer,
      embedding: 1_600,
      attention: { queries: 8, values: 4 },
    });
  });
});

it('counts what LoRA adds as peft does', () => {
  const smolLm2 = {
    ...{ parameters: 134_515_008, embedding: 28_311_552, tiedEmbeddings: true, layers: 30, hidden: 576 },
    ...{ feedForward: 1_536, attention: { queries: 576, values: 192 }, vocabulary: 49_152 },
  };
  expect(countAdapterParameters(smolLm2, 16)).toBe(4_884_480);
});
