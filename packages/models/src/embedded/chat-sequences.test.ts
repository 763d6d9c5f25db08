import { describe, expect, it } from 'vitest';
import { createChatSequences } from './chat-sequences.ts';
import type { LlamaContext, LlamaModel, Token } from './llama-types.ts';

const signal = new AbortController().signal;

/** A model whose contexts only count; everything else of it is out of reach here. */
function createModel(options: { readonly failAt?: number } = {}) {
  const sizes: number[] = [];
  let disposed = 0;
  const createContext = async ({ contextSize }: { readonly contextSize: number }): Promise<LlamaContext> => {
    if (contextSize === options.failAt) throw new Error('no memory');
    sizes.push(contextSize);
    return {
      getSequence: () => ({}) as ReturnType<LlamaContext['getSequence']>,
      dispose: async () => {
        disposed += 1;
      },
    };
  };
  return { model: { createContext } as unknown as LlamaModel, sizes, countDisposed: () => disposed };
}

const tokens = (count: number, value = 1): Token[] => Array.from({ length: count }, () => value as Token);
const want = (contextLength: number, prompt: readonly Token[] = []) => ({ contextLength, prompt });

describe('createChatSequences', () => {
  it('lets two write at the same time and the third wait for the first that ends', async () => {
    const { model } = createModel();
    const sequences = createChatSequences(model, 1);
    const first = await sequences.acquire(want(100), signal);
    await sequences.acquire(want(100), signal);
    const third = sequences.acquire(want(100), signal);
    sequences.release(first);
    expect(await third).toBe(first);
  });

  it('serves those who wait in the order in which they came, a longer context included', async () => {
    const { model, sizes } = createModel();
    const sequences = createChatSequences(model, 1);
    const [one, two] = [await sequences.acquire(want(100), signal), await sequences.acquire(want(100), signal)];
    const order: string[] = [];
    const longer = sequences.acquire(want(200), signal).then(() => order.push('longer'));
    const after = sequences.acquire(want(100), signal).then(() => order.push('after'));
    sequences.release(one);
    sequences.release(two);
    await Promise.all([longer, after]);
    expect(order).toEqual(['longer', 'after']);
    expect(sizes).toEqual([100, 200]);
  });

  it('forgets who stops waiting', async () => {
    const { model } = createModel();
    const sequences = createChatSequences(model, 1);
    const [one] = [await sequences.acquire(want(100), signal), await sequences.acquire(want(100), signal)];
    const controller = new AbortController();
    const gone = sequences.acquire(want(100), controller.signal);
    const stays = sequences.acquire(want(100), signal);
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    sequences.release(one);
    expect(await stays).toBe(one);
  });

  it('is busy when too many wait', async () => {
    const { model } = createModel();
    const sequences = createChatSequences(model, 1);
    await sequences.acquire(want(100), signal);
    await sequences.acquire(want(100), signal);
    for (let index = 0; index < 64; index += 1) void sequences.acquire(want(100), signal);
    expect(() => sequences.acquire(want(100), signal)).toThrow(expect.objectContaining({ failure: 'busy' }));
  });

  it('gives a place that has read the same beginning before', async () => {
    const { model } = createModel();
    const sequences = createChatSequences(model, 1);
    const [one, two] = [await sequences.acquire(want(900), signal), await sequences.acquire(want(900), signal)];
    one.prompt = tokens(256, 1);
    two.prompt = tokens(256, 2);
    sequences.release(one);
    sequences.release(two);
    expect(await sequences.acquire(want(900, tokens(300, 2)), signal)).toBe(two);
  });

  it('tells who asked when a context cannot be made, and goes on with the next', async () => {
    const { model } = createModel({ failAt: 500 });
    const sequences = createChatSequences(model, 1);
    const failing = sequences.acquire(want(500), signal);
    const next = sequences.acquire(want(100), signal);
    await expect(failing).rejects.toThrow('no memory');
    expect(await next).toMatchObject({ prompt: [] });
  });

  it('rests only when nobody writes, and gets up again', async () => {
    const { model, sizes, countDisposed } = createModel();
    const sequences = createChatSequences(model, 1);
    const slot = await sequences.acquire(want(100), signal);
    await sequences.rest();
    expect(countDisposed()).toBe(0);
    sequences.release(slot);
    await sequences.rest();
    expect(countDisposed()).toBe(1);
    await sequences.acquire(want(100), signal);
    expect(sizes).toEqual([100, 100]);
  });
});
