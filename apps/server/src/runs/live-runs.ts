import type { EventLog } from './event-log.ts';

/** The runs that this process executes, and whoever waits for one to begin. */
export class LiveRuns {
  readonly #runs = new Map<string, { readonly log: EventLog; readonly controller: AbortController }>();
  readonly #waiting = new Set<() => void>();

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

  /** Resolves when a run begins or ends here, or after a while, since it may be executed elsewhere. */
  async waitForChange(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = setTimeout(wake, milliseconds);
    // Readers wait like this for days, so nothing of a wait may outlive it.
    signal.addEventListener('abort', wake, { once: true });
    this.#waiting.add(wake);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    this.#waiting.delete(wake);
    signal.throwIfAborted();
  }

  #notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
