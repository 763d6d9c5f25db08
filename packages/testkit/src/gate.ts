/** Holds whoever comes after the first few. */
export type Pause = {
  /** Resolves once somebody is held. */
  readonly reached: Promise<void>;
  release(): void;
};

/** States: open for the first few, then holding, then released for good. */
export class Gate implements Pause {
  readonly #after: number;
  #passed = 0;
  readonly #reached: PromiseWithResolvers<void>;
  readonly #released: PromiseWithResolvers<void>;

  constructor(after: number, shared?: Gate) {
    this.#after = after;
    this.#reached = shared === undefined ? Promise.withResolvers() : shared.#reached;
    this.#released = shared === undefined ? Promise.withResolvers() : shared.#released;
  }

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  release(): void {
    this.#released.resolve();
  }

  /** Counts from the start again; held and released together with this one. */
  renew(): Gate {
    return new Gate(this.#after, this);
  }

  async pass(): Promise<void> {
    this.#passed += 1;
    if (this.#passed <= this.#after) return;
    this.#reached.resolve();
    await this.#released.promise;
  }
}
