import { type Database, insertFinishedRun, type NewRun, type RunResult } from '@kumiki/store';
import type { Log } from '../http/log.ts';

export type FinishedRun = { readonly run: NewRun & { readonly startedAt: Date }; readonly result: RunResult };

/** More than this waits only if the database hangs; then callers wait too, so that memory stays bounded. */
const mostWaiting = 1_000;
const batchRuns = 50;

/** Writes finished runs down behind the answers, in their order, several to a transaction when they come fast. */
export class RunRecorder {
  readonly #database: Database;
  readonly #log: Log;
  #waiting: FinishedRun[] = [];
  #writing: Promise<void> | null = null;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  async add(finished: FinishedRun): Promise<void> {
    this.#waiting.push(finished);
    this.#writing ??= this.#write();
    if (this.#waiting.length > mostWaiting) await this.#writing;
  }

  /** Waits until all that was added so far can be read. */
  async settle(): Promise<void> {
    if (this.#writing !== null) await this.#writing;
  }

  async #write(): Promise<void> {
    // Answers of this very moment go first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchRuns);
      this.#waiting = this.#waiting.slice(batchRuns);
      try {
        await this.#writeBatch(batch);
      } catch {
        for (const finished of batch) await this.#writeAlone(finished);
      }
    }
    this.#writing = null;
  }

  async #writeBatch(batch: readonly FinishedRun[]): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      await insertFinishedRun(this.#database, only.run, only.result);
      return;
    }
    await this.#database.transaction(async (transaction) => {
      for (const { run, result } of batch) await insertFinishedRun(transaction, run, result);
    });
  }

  async #writeAlone({ run, result }: FinishedRun): Promise<void> {
    try {
      await insertFinishedRun(this.#database, run, result);
    } catch (error) {
      // Its flow may have been deleted meanwhile. The answer is out; losing its record must not lose others.
      this.#log.error({ error, run: run.id }, 'a run could not be recorded');
    }
  }
}
