import type { Resource } from '@kumiki/node-sdk';
import type { ResourcePriority, Resources } from './resources.ts';

/**
 * What a node that works on streams holds of the shared resources. It is put down while the node waits for its input:
 * else a chunker that waits for its loader would keep the loader from the very resource that both need.
 */
export class Permit {
  readonly #resources: Resources;
  readonly #names: readonly Resource[];
  readonly #priority: ResourcePriority;
  readonly #signal: AbortSignal;
  /** Calls into the node minus waits for its inputs; the resources are held while it is above zero. */
  #working = 0;
  #held = false;
  #acquiring: Promise<void> | null = null;

  constructor(options: {
    readonly resources: Resources;
    readonly names: readonly Resource[];
    readonly priority: ResourcePriority;
    readonly signal: AbortSignal;
  }) {
    this.#resources = options.resources;
    this.#names = options.names;
    this.#priority = options.priority;
    this.#signal = options.signal;
  }

  async resume(): Promise<void> {
    this.#working += 1;
    if (this.#working <= 0 || this.#held || this.#names.length === 0) return;
    this.#acquiring ??= this.#acquire();
    await this.#acquiring;
  }

  pause(): void {
    this.#working -= 1;
    if (this.#working <= 0) this.close();
  }

  /** Puts down whatever is held, also at the end of the node's work. */
  close(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#resources.release(this.#names);
  }

  async #acquire(): Promise<void> {
    try {
      await this.#resources.acquire(this.#names, this.#priority, this.#signal);
    } finally {
      this.#acquiring = null;
    }
    this.#held = true;
    // All that wanted it may have begun to wait for something else meanwhile.
    if (this.#working <= 0) this.close();
  }
}
