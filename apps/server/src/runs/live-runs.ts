import type { EventLog } from './event-log.ts';

/** With the pause before events are archived, less than 150 ms from one process to another. */
const lookMilliseconds = 60;
const awayMilliseconds = 1_000;

/** Tells the numbers of the newest archived events, by run. */
export type FindNewest = (runs: readonly string[]) => Promise<ReadonlyMap<string, number>>;

type Watched = { readonly run: string; readonly after: number };

/**
 * The runs that this process executes, and whoever waits for news of one. Where other processes execute runs too, one
 * look at the archive for all that are waited for, again and again, tells what came; a notification for each delta would
 * make the commits of everybody wait for one another.
 */
export class LiveRuns {
  readonly #findNewest: FindNewest | null;
  readonly #onError: (error: unknown) => void;
  readonly #runs = new Map<string, { readonly log: EventLog; readonly controller: AbortController }>();
  readonly #waiting = new Set<() => void>();
  /** Who waits for what of the archive, by how to wake them. */
  readonly #watched = new Map<() => void, Watched>();
  #looking = false;

  /** `findNewest` is null where only this process executes runs. */
  constructor(findNewest: FindNewest | null = null, onError: (error: unknown) => void = () => {}) {
    this.#findNewest = findNewest;
    this.#onError = onError;
  }

  /** A newer attempt at the same run takes the place of one that does not know yet that it has lost it. */
  open(log: EventLog, controller: AbortController): void {
    this.#runs.set(log.run, { log, controller });
    this.#notify();
  }

  /** After the run has ended and all of its events are archived. */
  close(log: EventLog): void {
    log.close();
    if (this.#runs.get(log.run)?.log === log) this.#runs.delete(log.run);
    this.#notify();
  }

  findLog(run: string): EventLog | null {
    return this.#runs.get(run)?.log ?? null;
  }

  /** Aborts a run that is executed here. False where it is not. */
  abort(run: string, reason: unknown): boolean {
    const live = this.#runs.get(run);
    live?.controller.abort(reason);
    return live !== undefined;
  }

  /**
   * Resolves when a run begins or ends here, when the archive has events of `run` after a number, or after a while: to
   * look again costs little, and what happens elsewhere may go unnoticed.
   */
  async waitForNews(watched: Watched, milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = setTimeout(wake, milliseconds);
    // Readers wait like this for days, so nothing of a wait may outlive it.
    signal.addEventListener('abort', wake, { once: true });
    this.#waiting.add(wake);
    if (this.#findNewest !== null && this.findLog(watched.run) === null) {
      this.#watched.set(wake, watched);
      if (!this.#looking) void this.#look(this.#findNewest);
    }
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    this.#waiting.delete(wake);
    this.#watched.delete(wake);
    signal.throwIfAborted();
  }

  async #look(findNewest: FindNewest): Promise<void> {
    this.#looking = true;
    while (this.#watched.size > 0) {
      await pause(lookMilliseconds);
      const watched = [...this.#watched];
      try {
        const newest = await findNewest([...new Set(watched.map(([, { run }]) => run))]);
        for (const [wake, { run, after }] of watched) if ((newest.get(run) ?? 0) > after) wake();
      } catch (error) {
        // The database is away. Whoever waits looks for itself after a while, and hears of it then.
        this.#onError(error);
        await pause(awayMilliseconds);
      }
    }
    this.#looking = false;
  }

  #notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
