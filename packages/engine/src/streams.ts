/** Elements that may wait between two nodes. Small: an element is a whole document. */
const bufferedElements = 4;

/**
 * A bounded buffer between writers and one reader. `push` resolves when there is room, so that a fast writer goes at
 * the reader's pace; once the reader has left, it resolves to false and the writer may stop. It ends when every writer
 * has closed it, or with the first error.
 */
export class StreamBuffer<T> implements AsyncIterableIterator<T, undefined> {
  readonly #elements: T[] = [];
  readonly #room: (() => void)[] = [];
  readonly #readers: { resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: unknown) => void }[] =
    [];
  #end: { readonly error: unknown; readonly failed: boolean } | null = null;
  #left = false;
  #writers: number;

  constructor(writers = 1) {
    this.#writers = writers;
  }

  /** Whether the reader has gone. */
  get left(): boolean {
    return this.#left;
  }

  async push(element: T): Promise<boolean> {
    while (!this.#left && this.#elements.length >= bufferedElements) {
      await new Promise<void>((resolve) => this.#room.push(resolve));
    }
    if (this.#left) return false;
    const reader = this.#readers.shift();
    if (reader === undefined) this.#elements.push(element);
    else reader.resolve({ value: element, done: false });
    return true;
  }

  close(): void {
    this.#writers -= 1;
    if (this.#writers <= 0) this.#finish({ error: undefined, failed: false });
  }

  /** What was pushed before is still read; then the reader gets the error, once. */
  fail(error: unknown): void {
    this.#finish({ error, failed: true });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const element = this.#elements.shift();
    if (element !== undefined) {
      this.#room.shift()?.();
      return Promise.resolve({ value: element, done: false });
    }
    if (this.#left) return Promise.resolve({ value: undefined, done: true });
    if (this.#end !== null) return this.#takeEnd(this.#end);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#left = true;
    this.#elements.length = 0;
    for (const resolve of this.#room.splice(0)) resolve();
    for (const reader of this.#readers.splice(0)) reader.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(end: { readonly error: unknown; readonly failed: boolean }): void {
    if (this.#end !== null || this.#left) return;
    this.#end = end;
    for (const reader of this.#readers.splice(0)) this.#takeEnd(end).then(reader.resolve, reader.reject);
  }

  #takeEnd({
    error,
    failed,
  }: {
    readonly error: unknown;
    readonly failed: boolean;
  }): Promise<IteratorResult<T, undefined>> {
    if (!failed) return Promise.resolve({ value: undefined, done: true });
    this.#end = { error: undefined, failed: false };
    return Promise.reject(error);
  }
}

/** Several streams as one: whatever comes first is next. The first error ends it, and ends the others. */
export async function* uniteStreams<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<T, undefined, undefined> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const pending = new Map<AsyncIterator<T>, Promise<{ iterator: AsyncIterator<T>; result: IteratorResult<T> }>>();
  const pull = (iterator: AsyncIterator<T>) => {
    const next = iterator.next().then((result) => ({ iterator, result }));
    // It may fail while another is being waited for; whoever races next gets the error.
    next.catch(() => undefined);
    pending.set(iterator, next);
  };
  try {
    for (const iterator of iterators) pull(iterator);
    while (pending.size > 0) {
      const { iterator, result } = await Promise.race(pending.values());
      pending.delete(iterator);
      if (result.done === true) continue;
      yield result.value;
      pull(iterator);
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}

/** A stream that can be read more than once, because it keeps what has passed. For questions, which are small. */
export function replayStream<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = stream[Symbol.asyncIterator]();
  const results: Promise<IteratorResult<T>>[] = [];
  return {
    async *[Symbol.asyncIterator]() {
      for (let place = 0; ; place += 1) {
        results[place] ??= iterator.next();
        const result = await results[place];
        if (result === undefined || result.done === true) return;
        yield result.value;
      }
    },
  };
}
