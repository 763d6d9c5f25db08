/** Remembers answers for a while, whatever is done to the clock, bounded in number: the oldest goes first. */
export class ExpiringCache<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #limit: number;
  readonly #now: () => number;

  constructor(limit: number, now: () => number = performance.now.bind(performance)) {
    this.#limit = limit;
    this.#now = now;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, milliseconds: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#now() + milliseconds });
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
