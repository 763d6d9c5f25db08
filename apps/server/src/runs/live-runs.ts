import type { EventLog } from './event-log.ts';

/** The runs that this process executes, and whoever waits for one to begin. */
export class LiveRuns {
  readonly #logs = new Map<string, EventLog>();
  readonly #controllers = new Map<string, AbortController>();
  #wake = Promise.withResolvers<void>();

  open(log: EventLog, controller: AbortController): void {
    this.#logs.set(log.run, log);
    this.#controllers.set(log.run, controller);
    this.#notify();
  }

  /** After the run has ended and all of its events are archived. */
  close(run: string): void {
    this.#logs.get(run)?.close();
    this.#logs.delete(run);
    this.#controllers.delete(run);
    this.#notify();
  }

  findLog(run: string): EventLog | null {
    return this.#logs.get(run) ?? null;
  }

  /** Aborts a run that is executed here. False where it is not. */
  abort(run: string, reason: unknown): boolean {
    const controller = this.#controllers.get(run);
    controller?.abort(reason);
    return controller !== undefined;
  }

  get ids(): readonly string[] {
    return [...this.#controllers.keys()];
  }

  abortAll(reason: unknown): void {
    for (const controller of this.#controllers.values()) controller.abort(reason);
  }

  /** Resolves when a run begins or ends here, or after a while, since it may be executed elsewhere. */
  async waitForChange(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await Promise.race([promise, this.#wake.promise]);
    clearTimeout(timer);
    signal.throwIfAborted();
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
