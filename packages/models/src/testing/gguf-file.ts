import { readFile } from 'node:fs/promises';
import type { GgufEntry, GgufTensor } from '../catalogue/gguf-writer.ts';

const fixedSizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const alignment = 32;

/** A whole GGUF file, its entries and tensors as they stand in it. */
export async function readGguf(
  file: string,
): Promise<{ readonly entries: readonly GgufEntry[]; readonly tensors: readonly GgufTensor[] }> {
  const bytes = await readFile(file);
  let place = 8;
  const take32 = (): number => {
    place += 4;
    return bytes.readUInt32LE(place - 4);
  };
  const take64 = (): number => {
    place += 8;
    return Number(bytes.readBigUInt64LE(place - 8));
  };
  const takeText = (): string => {
    const length = take64();
    place += length;
    return bytes.toString('utf8', place - length, place);
  };
  const passValue = (type: number): void => {
    if (type === 8) takeText();
    else if (type === 9) {
      const elementType = take32();
      for (let left = take64(); left > 0; left -= 1) passValue(elementType);
    } else place += fixedSizes[type] ?? Number.NaN;
  };

  const tensorCount = take64();
  const entryCount = take64();
  const entries: GgufEntry[] = [];
  for (let index = 0; index < entryCount; index += 1) {
    const start = place;
    takeText();
    passValue(take32());
    entries.push(bytes.subarray(start, place));
  }
  const described = Array.from({ length: tensorCount }, () => {
    const name = takeText();
    const dimensions = Array.from({ length: take32() }, take64);
    return { name, dimensions, type: take32(), offset: take64() };
  });
  const base = Math.ceil(place / alignment) * alignment;
  const ends = [...described.map(({ offset }) => offset), bytes.length - base].toSorted((one, other) => one - other);
  const tensors = described.map(({ offset, ...tensor }) => {
    const end = ends.find((candidate) => candidate > offset) ?? offset;
    return { ...tensor, data: bytes.subarray(base + offset, base + end) };
  });
  return { entries, tensors };
}
