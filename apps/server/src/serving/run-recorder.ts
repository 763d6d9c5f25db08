import { setTimeout as wait } from 'node:timers/promises';
import { type Database, type FinishedRun, insertFinishedRuns } from '@kumiki/store';
import type { Log } from '../http/log.ts';

/** More than this waits only if the database hangs; then callers wait too, so that memory stays bounded. */
const mostWaiting = 1_000;
const batchRuns = 100;
/** A statement for one run costs about as much as one for ten, so what ends within so long goes together. */
const gatherMilliseconds = 10;

/** Writes finished runs down behind the answers, in their order, several to a statement when they come fast. */
export class RunRecorder {
  readonly #database: Database;
  readonly #log: Log;
  readonly #waiting: FinishedRun[] = [];
  #added = 0;
  #written = 0;
  /** The statement that is under way or about to be; the next one takes its place. */
  #writing: Promise<void> | null = null;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  async add(finished: FinishedRun): Promise<void> {
    this.#waiting.push(finished);
    this.#added += 1;
    this.#writing ??= this.#writeNext();
    if (this.#waiting.length > mostWaiting) await this.#writing;
  }

  /** Waits until all that was added so far can be read. */
  async settle(): Promise<void> {
    const last = this.#added;
    while (this.#written < last) await this.#writing;
  }

  async #writeNext(): Promise<void> {
    if (this.#waiting.length < batchRuns) await wait(gatherMilliseconds);
    const batch = this.#waiting.splice(0, batchRuns);
    try {
      await insertFinishedRuns(this.#database, batch);
    } catch {
      for (const finished of batch) await this.#writeAlone(finished);
    }
    this.#written += batch.length;
    this.#writing = this.#waiting.length === 0 ? null : this.#writeNext();
  }

  async #writeAlone(finished: FinishedRun): Promise<void> {
    try {
      await insertFinishedRuns(this.#database, [finished]);
    } catch (error) {
      // Its flow may have been deleted meanwhile. The answer is out; losing its record must not lose others.
      this.#log.error({ error, run: finished.run.id }, 'a run could not be recorded');
    }
  }
}
