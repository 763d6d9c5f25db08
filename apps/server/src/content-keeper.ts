import { type BlobStore, KumikiError } from '@kumiki/node-sdk';
import type { ContentGate } from '@kumiki/store';

export type ContentKeeperParts = {
  readonly blobs: BlobStore;
  /** Keeps other servers, which may have the same blobs, to the same rule. */
  readonly gate: ContentGate;
  readonly isNamed: (sha256: string) => Promise<boolean>;
};

/**
 * Takes contents in and lets them go when nothing names them any more. Between a content's arrival and the row that
 * names it nobody names it yet, so contents go only while nothing arrives, and nothing arrives while they go.
 */
export class ContentKeeper {
  readonly #parts: ContentKeeperParts;
  readonly #doomed = new Set<string>();
  #arriving = 0;
  #clearing: Promise<void> = Promise.resolve();

  constructor(parts: ContentKeeperParts) {
    this.#parts = parts;
  }

  /**
   * `store` has to put the content into the blob store and write the row that names it. Throws `content-interrupted`
   * (retryable) where the database went away in between, so that another server may have taken the content for unnamed.
   */
  async keep<Result>(store: () => Promise<Result>): Promise<Result> {
    await this.#clearing;
    this.#arriving += 1;
    try {
      const leave = await this.#parts.gate.enter();
      let stayed = false;
      let result: Result;
      try {
        result = await store();
      } finally {
        stayed = await leave();
      }
      if (!stayed) throw refuseInterrupted();
      return result;
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
      if (this.#arriving > 0 || this.#doomed.size === 0) return;
      try {
        await this.#parts.gate.tryClear(() => this.#takeAway());
      } catch {
        // The database is away: they go with the next.
      }
    });
    return this.#clearing;
  }

  async #takeAway(): Promise<void> {
    const { blobs, isNamed } = this.#parts;
    for (const sha256 of [...this.#doomed]) {
      this.#doomed.delete(sha256);
      try {
        if (!(await isNamed(sha256))) await blobs.delete(sha256);
      } catch {
        // Whoever called has done what was asked, and the next to arrive must not pay for it.
        this.#doomed.add(sha256);
      }
    }
  }
}

function refuseInterrupted(): KumikiError {
  return new KumikiError({
    code: 'content-interrupted',
    status: 503,
    retryable: true,
    message: {
      en: 'The database went away while the file was being stored. Send the file again.',
      ja: 'ファイルを保存している途中で、データベースとの接続が切れました。ファイルをもう一度送ってください。',
    },
  });
}
