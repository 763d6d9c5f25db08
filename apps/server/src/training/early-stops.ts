const lookMilliseconds = 500;

type Stop = { readonly run: string; readonly nodes: readonly string[] };

/**
 * Nodes of this process that can end early with what they have. Somebody may ask another process for that, so the run's
 * row is looked at for as long as such a node works; here, it is told at once.
 */
export class EarlyStops {
  readonly #findStops: (runs: readonly string[]) => Promise<readonly Stop[]>;
  readonly #onFailure: (error: unknown) => void;
  readonly #watched = new Map<string, Set<AbortController>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    findStops: (runs: readonly string[]) => Promise<readonly Stop[]>,
    onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#findStops = findStops;
    this.#onFailure = onFailure;
  }

  /** The signal aborts when the node is asked to end, also where that was before, by another attempt at its run. */
  watch(run: string, node: string): { readonly signal: AbortSignal; close(): void } {
    const controller = new AbortController();
    const key = nameNode(run, node);
    const watchers = this.#watched.get(key) ?? new Set();
    this.#watched.set(key, watchers.add(controller));
    this.#timer ??= setInterval(() => void this.#look(), lookMilliseconds).unref();
    void this.#look();
    return {
      signal: controller.signal,
      close: () => {
        watchers.delete(controller);
        if (watchers.size === 0) this.#watched.delete(key);
        if (this.#watched.size === 0) this.#rest();
      },
    };
  }

  tell(run: string, node: string): void {
    for (const controller of this.#watched.get(nameNode(run, node)) ?? []) controller.abort();
  }

  async #look(): Promise<void> {
    const runs = new Set([...this.#watched.keys()].map((key) => readRun(key)));
    try {
      for (const { run, nodes } of await this.#findStops([...runs])) for (const node of nodes) this.tell(run, node);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** Ids of runs have no blanks. */
function nameNode(run: string, node: string): string {
  return `${run} ${node}`;
}

function readRun(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
