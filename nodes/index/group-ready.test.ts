import { describe, expect, it } from 'vitest';
import { groupReady } from './group-ready.ts';

const each = { most: 3, weigh: () => 1 };
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

async function readAll<Item>(groups: AsyncIterable<Item>): Promise<readonly Item[]> {
  const read: Item[] = [];
  for await (const group of groups) read.push(group);
  return read;
}

describe('what is ready at the same time', () => {
  it('comes together, up to a weight, and what comes later comes by itself', async () => {
    async function* stream() {
      yield* [1, 2, 3, 4];
      await pause();
      yield 5;
      await pause();
      yield* [6, 7];
    }
    expect(await readAll(groupReady(stream(), each))).toEqual([[1, 2, 3], [4], [5], [6, 7]]);
  });

  it('may weigh more by the last of it, as one that is too heavy does by itself', async () => {
    async function* stream() {
      yield* [2, 2, 9, 1, 1];
    }
    const groups = groupReady(stream(), { most: 3, weigh: (item) => item });
    expect(await readAll(groups)).toEqual([[2, 2], [9], [1, 1]]);
  });

  it('is handed on before the error that came after it', async () => {
    async function* stream() {
      yield* [1, 2];
      throw new Error('cut');
    }
    const read: (readonly number[])[] = [];
    const reading = (async () => {
      for await (const group of groupReady(stream(), each)) read.push(group);
    })();
    await expect(reading).rejects.toThrow('cut');
    expect(read).toEqual([[1, 2]]);
  });

  it('is left, with its stream closed, where nobody wants more of it', async () => {
    let closed = false;
    async function* stream() {
      try {
        for (let item = 0; ; item += 1) yield item;
      } finally {
        closed = true;
      }
    }
    for await (const group of groupReady(stream(), each)) {
      expect(group).toEqual([0, 1, 2]);
      break;
    }
    expect(closed).toBe(true);
  });

  it('is nothing where the stream is empty', async () => {
    async function* stream(): AsyncGenerator<number> {}
    expect(await readAll(groupReady(stream(), each))).toEqual([]);
  });
});
