import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayStream, StreamBuffer, uniteStreams } from './streams.ts';

async function* count(to: number, onStep: (step: number) => void = () => undefined) {
  for (let step = 0; step < to; step += 1) {
    onStep(step);
    yield step;
  }
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of stream) elements.push(element);
  return elements;
}

describe('StreamBuffer', () => {
  it('gives elements in order, then ends, however pushes and reads interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 30 }), async (scheduler, length) => {
        const buffer = new StreamBuffer<number>();
        const write = async () => {
          for (let step = 0; step < length; step += 1) {
            await scheduler.schedule(Promise.resolve());
            await buffer.push(step);
          }
          buffer.close();
        };
        const read = async () => {
          const elements: number[] = [];
          for await (const element of buffer) {
            await scheduler.schedule(Promise.resolve());
            elements.push(element);
          }
          return elements;
        };
        const [, elements] = await scheduler.waitFor(Promise.all([write(), read()]));
        expect(elements).toEqual(Array.from({ length }, (_, step) => step));
      }),
    );
  });

  it('lets a fast writer run ahead by no more than a few elements', async () => {
    const buffer = new StreamBuffer<number>();
    let pushed = 0;
    const writing = (async () => {
      for (let step = 0; step < 100; step += 1) {
        if (!(await buffer.push(step))) return;
        pushed += 1;
      }
    })();
    await buffer.next();
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(pushed).toBeLessThanOrEqual(5);
    await buffer.return();
    await writing;
    expect(await buffer.push(1)).toBe(false);
  });

  it('gives what came before an error, then the error, then the end', async () => {
    const buffer = new StreamBuffer<number>(2);
    await buffer.push(1);
    buffer.close();
    buffer.fail(new Error('cut'));
    expect(await buffer.next()).toEqual({ value: 1, done: false });
    await expect(buffer.next()).rejects.toThrow('cut');
    expect(await buffer.next()).toEqual({ value: undefined, done: true });
  });

  it('ends only when every writer has closed it', async () => {
    const buffer = new StreamBuffer<number>(2);
    const reading = collect(buffer);
    buffer.close();
    await buffer.push(7);
    buffer.close();
    expect(await reading).toEqual([7]);
  });
});

describe('uniteStreams', () => {
  it('gives every element of every stream, each stream in its own order', async () => {
    const all = await collect(uniteStreams([count(5), count(0), count(3)]));
    expect([...all].sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 4]);
  });

  it('ends with the first error, and lets the other streams go', async () => {
    let left = false;
    async function* endless() {
      try {
        for (;;) yield 0;
      } finally {
        left = true;
      }
    }
    async function* broken() {
      yield 1;
      throw new Error('broken');
    }
    await expect(collect(uniteStreams([endless(), broken()]))).rejects.toThrow('broken');
    expect(left).toBe(true);
  });
});

describe('replayStream', () => {
  it('gives each reader the whole stream and reads the source once', async () => {
    const steps: number[] = [];
    const stream = replayStream(count(4, (step) => steps.push(step)));
    expect(await Promise.all([collect(stream), collect(stream)])).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(await collect(stream)).toHaveLength(4);
    expect(steps).toHaveLength(4);
  });
});
