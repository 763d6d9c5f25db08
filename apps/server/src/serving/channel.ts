/** Hands values from one who pushes to one who reads, in order. States: open, then ended or failed. */
export class Channel<Value> implements AsyncIterable<Value> {
  readonly #values: Value[] = [];
  readonly #begun = Promise.withResolvers<boolean>();
  #isEnded = false;
  #wake: (() => void) | null = null;

  push(value: Value): void {
    if (this.#isEnded) return;
    this.#values.push(value);
    this.#begun.resolve(true);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#begun.resolve(false);
    this.#wake?.();
  }

  /** Resolves with the first value, for whoever does not read it; false where it ends without one. */
  get begun(): Promise<boolean> {
    return this.#begun.promise;
  }

  /** The next value, or null at the end. One reader at a time. */
  async next(): Promise<Value | null> {
    while (this.#values.length === 0) {
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    return this.#values.shift() ?? null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    for (let value = await this.next(); value !== null; value = await this.next()) yield value;
  }
}
