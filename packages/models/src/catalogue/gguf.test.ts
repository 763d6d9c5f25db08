import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readChatTemplateDigest } from './gguf-metadata.ts';
import { ggufEntry, tensorTypes, writeGguf } from './gguf-writer.ts';

describe('a GGUF file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kumiki-gguf-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (name: string, content: Uint8Array): Promise<string> => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    return file;
  };

  it('has its metadata in front and its tensors at multiples of 32 bytes', () => {
    const tensor = { name: 't', dimensions: [2], type: tensorTypes.f32, data: new Uint8Array(8).fill(7) };
    const pieces = [
      ...writeGguf([ggufEntry.string('general.architecture', 'bert')], [tensor, { ...tensor, name: 'u' }]),
    ];
    const file = Buffer.concat(pieces);
    expect(file.subarray(0, 4).toString('latin1')).toBe('GGUF');
    expect(file.readUInt32LE(4)).toBe(3);
    expect(file.readBigUInt64LE(8)).toBe(2n);
    const first = file.indexOf(Buffer.alloc(8, 7));
    expect(first % 32).toBe(0);
    expect(file.indexOf(Buffer.alloc(8, 7), first + 8)).toBe(first + 32);
    expect(file.length).toBe(first + 64);
  });

  it('tells the digest of its chat template, whatever stands before it', async () => {
    const template = '{{ messages }}日本語';
    const entries = [
      ggufEntry.string('general.architecture', 'llama'),
      ggufEntry.strings(
        'tokenizer.ggml.tokens',
        Array.from({ length: 200_000 }, (_, index) => `piece ${index}`),
      ),
      ggufEntry.float32s('tokenizer.ggml.scores', [1, 2, 3]),
      ggufEntry.bytes('tokenizer.ggml.precompiled_charsmap', new Uint8Array(2_000_000)),
      ggufEntry.boolean('tokenizer.ggml.add_bos_token', true),
      ggufEntry.string('tokenizer.chat_template', template),
    ];
    const file = await write('template.gguf', Buffer.concat([...writeGguf(entries, [])]));
    const digest = createHash('sha256').update(template).digest('hex');
    expect(await readChatTemplateDigest(file)).toBe(`sha256:${digest}`);
  });

  it('tells none where there is none, or where the file is something else or cut short', async () => {
    const whole = Buffer.concat([...writeGguf([ggufEntry.string('general.architecture', 'bert')], [])]);
    expect(await readChatTemplateDigest(await write('none.gguf', whole))).toBeNull();
    expect(await readChatTemplateDigest(await write('short.gguf', whole.subarray(0, 30)))).toBeNull();
    expect(await readChatTemplateDigest(await write('other.gguf', Buffer.from('PK and so on')))).toBeNull();
  });
});
