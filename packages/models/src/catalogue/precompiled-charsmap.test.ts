import { describe, expect, it } from 'vitest';
import { buildPrecompiledCharsmap } from './precompiled-charsmap.ts';

/** Looks a text up as llama.cpp's tokenizer does: by walking darts-clone's double array byte by byte. */
function look(map: Uint8Array, text: string): string | null {
  const view = new DataView(map.buffer, map.byteOffset, map.byteLength);
  const arrayLength = view.getUint32(0, true);
  const unit = (index: number): number => view.getUint32(4 + index * 4, true);
  const offset = (value: number): number => (value >>> 10) << ((value & (1 << 9)) >>> 6);
  let position = offset(unit(0));
  const bytes = Buffer.from(text, 'utf8');
  for (const [index, byte] of bytes.entries()) {
    position ^= byte;
    const value = unit(position);
    if ((value & 0x8000_00ff) >>> 0 !== byte) return null;
    position ^= offset(value);
    if (index === bytes.length - 1 && (value & (1 << 8)) === 0) return null;
  }
  const start = 4 + arrayLength + (unit(position) & 0x7fff_ffff);
  const end = map.indexOf(0, start);
  return Buffer.from(map.subarray(start, end)).toString('utf8');
}

describe('buildPrecompiledCharsmap', () => {
  const normalisation = new Map([
    [0x0, 'never'],
    [0x41, 'a'],
    [0x9, ' '],
    [0x3000, ' '],
    [0xff21, 'A'],
    [0x337f, '株式会社'],
    [0x1f600, ''],
  ]);

  it('finds every replacement again', () => {
    const map = buildPrecompiledCharsmap(normalisation);
    expect(look(map, 'A')).toBe('a');
    expect(look(map, '\u3000')).toBe(' ');
    expect(look(map, 'Ａ')).toBe('A');
    expect(look(map, '㍿')).toBe('株式会社');
    expect(look(map, '\u{1f600}')).toBe('');
  });

  it('finds nothing for what it does not replace', () => {
    const map = buildPrecompiledCharsmap(normalisation);
    for (const text of ['B', '\0', '漢', '\u{1f601}']) expect(look(map, text)).toBeNull();
  });
});
