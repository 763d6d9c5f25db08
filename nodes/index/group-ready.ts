type Settled<Item> =
  | { readonly state: 'item'; readonly item: Item }
  | { readonly state: 'end' }
  | { readonly state: 'error'; readonly error: unknown };

/**
 * Hands on together what is there at the same time, until it weighs `most`, and waits for nothing else: one by one where a
 * stream is slow, in groups where it brings many at once. One more is asked for while a group is worked on. What came before
 * an error is handed on before it is thrown.
 */
export async function* groupReady<Item>(
  items: AsyncIterable<Item>,
  { most, weigh }: { readonly most: number; readonly weigh: (item: Item) => number },
): AsyncGenerator<readonly Item[]> {
  const iterator = items[Symbol.asyncIterator]();
  const ask = (): Promise<Settled<Item>> =>
    iterator.next().then(
      ({ done, value }) => (done === true ? { state: 'end' } : { state: 'item', item: value }),
      (error: unknown) => ({ state: 'error', error }),
    );
  let next = ask();
  try {
    for (;;) {
      const group: Item[] = [];
      let settled: Settled<Item> | null = await next;
      for (let weight = 0; settled?.state === 'item'; settled = weight < most ? await ifReady(next) : null) {
        group.push(settled.item);
        weight += weigh(settled.item);
        next = ask();
      }
      if (group.length > 0) yield group;
      if (settled?.state === 'error') throw settled.error;
      if (settled?.state === 'end') return;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Null where it takes longer than everything that can be done without waiting. */
function ifReady<Value>(promise: Promise<Value>): Promise<Value | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setImmediate(resolve, null))]);
}
