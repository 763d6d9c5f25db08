/** Keeps what was used last, within a bound of bytes. Only for what never changes: nothing is ever outdated in here. */
export class ByteCache<Value> {
  private readonly entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  private readonly bound: number;
  private bytes = 0;

  constructor(bound: number) {
    this.bound = bound;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    // A map keeps the order of insertion: what is inserted again is the newest.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  clear(): void {
    this.entries.clear();
    this.bytes = 0;
  }

  set(key: string, value: Value, bytes: number): void {
    const known = this.entries.get(key);
    if (known !== undefined) this.bytes -= known.bytes;
    this.entries.delete(key);
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= this.bound || oldest === key) break;
      this.entries.delete(oldest);
      this.bytes -= entry.bytes;
    }
  }
}
