import { KumikiError } from '@kumiki/node-sdk';
import type { z } from 'zod';
import type { runEventSchema } from '../contract/runs.ts';

export type RunEvent = z.infer<typeof runEventSchema>;
export type NumberedEvent = { readonly sequence: number; readonly event: RunEvent };

/** Where events are kept for good. */
export type EventArchive = {
  append(run: string, events: readonly NumberedEvent[]): Promise<void>;
};

const batchMilliseconds = 50;
/** Progress comes many times a second from every node, and the next one says more. */
const progressMilliseconds = 1_000;
const batchEvents = 200;
const againMilliseconds = 1_000;
/** Live readers that fall further behind read from the archive. */
const tailEvents = 2_000;

/**
 * The events of a run that this process executes. Every event gets the next sequence number, goes to live readers at
 * once and to the archive in batches. States: open, then closed by `close`, after which nothing may be appended.
 */
export class EventLog {
  readonly run: string;
  readonly #archive: EventArchive;
  /** Every event after `#tailAfter` that was appended so far. */
  #tail: NumberedEvent[] = [];
  #tailAfter: number;
  #sequence: number;
  #unsaved: NumberedEvent[] = [];
  #timer: { readonly handle: NodeJS.Timeout; readonly due: number } | null = null;
  #saving: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #isClosed = false;
  #wake = Promise.withResolvers<void>();

  /**
   * `archived` is the last sequence number of earlier attempts at this run, or 0. What such an attempt showed to readers
   * and did not archive keeps its numbers to itself: the next ones begin `skipped` later.
   */
  constructor(run: string, archive: EventArchive, archived: number, skipped = 0) {
    this.run = run;
    this.#archive = archive;
    this.#sequence = archived + skipped;
    this.#tailAfter = archived;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  append(event: RunEvent): void {
    if (this.#isClosed) return;
    this.#sequence += 1;
    const numbered = { sequence: this.#sequence, event };
    this.#tail.push(numbered);
    this.#unsaved.push(numbered);
    this.#trimTail();
    this.#notify();
    if (this.#unsaved.length >= batchEvents && this.#failure === null) this.#save();
    else this.#saveWithin(event.type === 'node-progress' ? progressMilliseconds : batchMilliseconds);
  }

  /**
   * Takes what is not archived yet, and the number of the last event, for a caller that archives both together with the
   * end of the run. Nothing else may be appended from here on.
   */
  async takeRest(): Promise<{ readonly unsaved: readonly NumberedEvent[]; readonly lastSequence: number }> {
    this.#stopTimer();
    await this.#saving;
    const unsaved = this.#unsaved;
    this.#unsaved = [];
    this.#sequence += 1;
    return { unsaved, lastSequence: this.#sequence };
  }

  /** Shows the last event to live readers, once it is archived, so that nobody hears of an end that is not kept. */
  end(last: NumberedEvent): void {
    this.#tail.push(last);
    this.close();
  }

  close(): void {
    this.#stopTimer();
    this.#isClosed = true;
    this.#notify();
  }

  /** Events after a sequence number that are in memory; null where they have to come from the archive. */
  readTail(after: number): readonly NumberedEvent[] | null {
    if (after < this.#tailAfter) return null;
    const start = this.#tail.findIndex(({ sequence }) => sequence > after);
    return start === -1 ? [] : this.#tail.slice(start);
  }

  /** Resolves at the next event or the end. Call `readTail` after it, since others may be woken first. */
  async waitForMore(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#wake.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  #trimTail(): void {
    if (this.#tail.length <= tailEvents * 2) return;
    // Unsaved events stay: the archive does not have them yet.
    const dropped = Math.min(this.#tail.length - tailEvents, this.#tail.length - this.#unsaved.length);
    const last = this.#tail[dropped - 1];
    if (last === undefined) return;
    this.#tailAfter = last.sequence;
    this.#tail = this.#tail.slice(dropped);
  }

  /** Sooner where it is due sooner already; after a failure only when it is tried again. */
  #saveWithin(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    if (this.#timer !== null && (this.#timer.due <= due || this.#failure !== null)) return;
    this.#stopTimer();
    this.#timer = { handle: setTimeout(() => this.#save(), milliseconds), due };
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    this.#timer = null;
  }

  #save(): void {
    this.#stopTimer();
    this.#saving = this.#saving.then(async () => {
      if (this.#unsaved.length === 0 || isLost(this.#failure)) return;
      const events = this.#unsaved;
      this.#unsaved = [];
      try {
        await this.#archive.append(this.run, events);
        this.#failure = null;
      } catch (error) {
        this.#unsaved = [...events, ...this.#unsaved];
        this.#failure = error;
        if (!this.#isClosed && !isLost(error)) this.#saveWithin(againMilliseconds);
      }
    });
  }
}

/** Another attempt has the run: nothing of this one is ever archived again. */
function isLost(failure: unknown): boolean {
  return failure instanceof KumikiError && failure.code === 'run-taken-over';
}
