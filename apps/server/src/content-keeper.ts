import type { BlobStore } from '@kumiki/node-sdk';

/**
 * Takes contents in and lets them go when nothing names them any more. Between a content's arrival and the row that
 * names it nobody names it yet, so contents go only while nothing arrives, and nothing arrives while they go.
 */
export class ContentKeeper {
  readonly #blobs: BlobStore;
  readonly #isNamed: (sha256: string) => Promise<boolean>;
  readonly #doomed = new Set<string>();
  #arriving = 0;
  #clearing: Promise<void> = Promise.resolve();

  constructor(blobs: BlobStore, isNamed: (sha256: string) => Promise<boolean>) {
    this.#blobs = blobs;
    this.#isNamed = isNamed;
  }

  /** `store` has to put the content into the blob store and write the row that names it. */
  async keep<Result>(store: () => Promise<Result>): Promise<Result> {
    await this.#clearing;
    this.#arriving += 1;
    try {
      return await store();
    } finally {
      this.#arriving -= 1;
      await this.#clear();
    }
  }

  /** After the row is gone. A content that something else names stays; one that cannot go now goes with the next. */
  async release(sha256: string): Promise<void> {
    this.#doomed.add(sha256);
    await this.#clear();
  }

  #clear(): Promise<void> {
    this.#clearing = this.#clearing.then(async () => {
      if (this.#arriving > 0) return;
      for (const sha256 of [...this.#doomed]) {
        this.#doomed.delete(sha256);
        try {
          if (!(await this.#isNamed(sha256))) await this.#blobs.delete(sha256);
        } catch {
          // Whoever called has done what was asked, and the next to arrive must not pay for it.
          this.#doomed.add(sha256);
        }
      }
    });
    return this.#clearing;
  }
}
