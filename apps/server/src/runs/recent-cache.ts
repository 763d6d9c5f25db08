/** Keeps what was used last, bounded in number. Only for what never changes: nothing is ever outdated in here. */
export class RecentCache<Value> {
  readonly #values = new Map<string, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept under a key, else what `read` gives, which is kept from then on. */
  async find(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.#values.get(key);
    const value = known ?? (await read());
    // A map keeps the order of insertion: what is inserted again is the newest.
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#limit && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
