import { describe, expect, it } from 'vitest';
import { createChatContexts } from './chat-contexts.ts';
import type { LlamaContext, LlamaModel } from './llama-types.ts';

const signal = new AbortController().signal;

/** A model whose contexts only count; everything else of it is out of reach here. */
function createModel(options: { readonly failAt?: string } = {}) {
  const made: string[] = [];
  const open = new Set<string>();
  const createContext: LlamaModel['createContext'] = async ({ lora }): Promise<LlamaContext> => {
    const name = lora?.adapters[0]?.filePath ?? 'base';
    if (name === options.failAt) throw new Error('Failed to load LoRA adapter');
    made.push(name);
    open.add(name);
    return {
      getSequence: () => ({}) as ReturnType<LlamaContext['getSequence']>,
      dispose: async () => void open.delete(name),
    };
  };
  return { model: { createContext } as unknown as LlamaModel, made, open };
}

const want = (name: string | null) => ({
  adapter: name === null ? null : { digest: `sha256:${name}`, file: name },
  contextLength: 100,
  prompt: [],
});

describe('createChatContexts', () => {
  it('gives the base and each adapter a context of its own, and uses it again', async () => {
    const { model, made } = createModel();
    const contexts = createChatContexts(model, 1);
    for (let round = 0; round < 2; round += 1) {
      const places = await Promise.all([null, 'a', 'b'].map((name) => contexts.acquire(want(name), signal)));
      for (const place of places) contexts.release(place);
    }
    expect(made.toSorted()).toEqual(['a', 'b', 'base']);
  });

  it('frees the one whose last use is longest ago before it makes one too many', async () => {
    const { model, open } = createModel();
    const contexts = createChatContexts(model, 1);
    for (const name of [null, 'a', 'b', null, 'c']) contexts.release(await contexts.acquire(want(name), signal));
    expect([...open].toSorted()).toEqual(['b', 'base', 'c']);
  });

  it('never frees one that is written in: who needs another waits, and is not overtaken', async () => {
    const { model, open } = createModel();
    const contexts = createChatContexts(model, 1);
    const [base, a, b] = await Promise.all([null, 'a', 'b'].map((name) => contexts.acquire(want(name), signal)));
    const order: string[] = [];
    const other = contexts.acquire(want('c'), signal).then((place) => {
      order.push('c');
      return place;
    });
    const again = contexts.acquire(want(null), signal).then(() => order.push('base'));
    await new Promise(setImmediate);
    expect(order).toEqual([]);
    expect(open).toEqual(new Set(['base', 'a', 'b']));
    if (base === undefined || a === undefined || b === undefined) throw new Error('Three were asked for.');
    contexts.release(a);
    contexts.release(await other);
    await again;
    expect(order.toSorted()).toEqual(['base', 'c']);
    expect(open).toEqual(new Set(['base', 'b', 'c']));
  });

  it('forgets who stops waiting, and is there for the next', async () => {
    const { model } = createModel();
    const contexts = createChatContexts(model, 1);
    await Promise.all([null, 'a', 'b'].map((name) => contexts.acquire(want(name), signal)));
    const controller = new AbortController();
    const gone = contexts.acquire(want('c'), controller.signal);
    const behind = contexts.acquire(want('a'), signal);
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(await behind).toMatchObject({ prompt: [] });
  });

  it('says whose fault it is where an adapter does not load, and keeps no place for it', async () => {
    const { model, open } = createModel({ failAt: 'wrong' });
    const contexts = createChatContexts(model, 1);
    await Promise.all([null, 'a'].map((name) => contexts.acquire(want(name), signal)));
    for (let round = 0; round < 3; round += 1) {
      await expect(contexts.acquire(want('wrong'), signal)).rejects.toMatchObject({ failure: 'adapter' });
    }
    await contexts.acquire(want('b'), signal);
    expect(open).toEqual(new Set(['base', 'a', 'b']));
  });

  it('rests where nobody writes, and gets up again', async () => {
    const { model, made, open } = createModel();
    const contexts = createChatContexts(model, 1);
    const base = await contexts.acquire(want(null), signal);
    contexts.release(await contexts.acquire(want('a'), signal));
    await contexts.rest();
    expect(open).toEqual(new Set(['base']));
    contexts.release(base);
    await contexts.acquire(want('a'), signal);
    expect(made).toEqual(['base', 'a', 'a']);
  });
});
