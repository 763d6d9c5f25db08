import Encoding from 'encoding-japanese';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { readData } from './read-data.ts';

const read = (name: string, content: string | Uint8Array, limits = defaultLimits) =>
  readData({ name, mediaType: null, content: typeof content === 'string' ? strToU8(content) : content }, limits);

describe('readData', () => {
  it('decodes a text and leaves its layout alone', async () => {
    const text = '[{"text": "返品は\\u2028できますか"}]';
    const bytes = Encoding.convert(Encoding.stringToCode(text), { to: 'SJIS', from: 'UNICODE' });
    expect(await read('a.json', Uint8Array.from(bytes))).toEqual({ kind: 'text', text });
    expect(await read('a.json', `\ufeff${text}`)).toEqual({ kind: 'text', text });
  });

  it('gives rows of a table with the lines where they begin', async () => {
    const rows = [
      { line: 1, cells: ['質問', '回答'] },
      { line: 2, cells: ['送料は\n?', '500円'] },
      { line: 5, cells: ['', '返品できます'] },
    ];
    const expected = { kind: 'tables', tables: [{ name: '', rows }] };
    expect(await read('a.csv', '質問,回答\r\n"送料は\n?",500円\r\n\r\n,返品できます\r\n')).toEqual(expected);
    expect(await read('a.tsv', '質問\t回答\n"送料は\n?"\t500円\n\n\t返品できます')).toEqual(expected);
  });

  it('gives the texts of an archive by their paths, and no pictures', async () => {
    const content = zipSync({
      'users.json': strToU8('[]'),
      'general/2024-01-01.json': strToU8('[1]'),
      'general/logo.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]),
      '__MACOSX/users.json': strToU8('x'),
    });
    expect(await read('export.zip', content)).toEqual({
      kind: 'archive',
      members: [
        { name: 'general/2024-01-01.json', text: '[1]' },
        { name: 'users.json', text: '[]' },
      ],
    });
  });

  it('refuses what is no data, and archives that unpack to too much', async () => {
    await expect(read('a.json', Uint8Array.from([0, 1, 2, 3, 0, 255, 254, 0, 1, 0, 0, 0]))).rejects.toMatchObject({
      code: 'document-type-unknown',
    });
    const bomb = zipSync({ 'a.json': new Uint8Array(100_000) });
    await expect(read('a.zip', bomb, { ...defaultLimits, unpackedBytes: 10_000 })).rejects.toMatchObject({
      code: 'document-too-large',
    });
  });
});
