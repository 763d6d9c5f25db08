import { setTimeout as wait } from 'node:timers/promises';
import { KumikiError } from '@kumiki/node-sdk';
import { type Database, type FinishedRun, insertFinishedRuns, nameDatabaseError } from '@kumiki/store';
import type { Log } from '../http/log.ts';

/** More than this waits only if the database hangs or is away; then callers wait or are refused: memory stays bounded. */
const mostWaiting = 1_000;
const batchRuns = 100;
/** A statement for one run costs about as much as one for ten, so what ends within so long goes together. */
const gatherMilliseconds = 10;
/**
 * A statement takes an embedded database some milliseconds, in which nothing else happens: the first word of an answer that
 * is being made would wait for it. So a few runs wait for a moment in which nobody is answered, for so long at most.
 */
const fewRuns = 10;
const quietMilliseconds = 100;
/** Between two tries while the database is away: long enough to cost nothing, short enough that nobody waits for it. */
const againMilliseconds = 500;
/** Answers are cancelled when the process stops; what is left of them is to be written down. */
const closeMilliseconds = 1_000;

/**
 * Writes finished runs down behind the answers, in their order, several to a statement when they come fast. While the
 * database is away they wait for it. States: writing or idle, then closed by `close`.
 */
export class RunRecorder {
  readonly #database: Database;
  readonly #log: Log;
  readonly #waiting: FinishedRun[] = [];
  readonly #closing = new AbortController();
  /** When the answers began that are being made, and whose runs are not here yet. */
  readonly #answering = new Set<{ readonly startedAt: Date }>();
  /** Callers that wait until what was added can be read. */
  #settling = 0;
  #added = 0;
  #written = 0;
  /** The error that the database was last away with; null while it answers. */
  #away: KumikiError | null = null;
  /** The statement that is under way or about to be; the next one takes its place. */
  #writing: Promise<void> | null = null;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /** Asked before a question is answered whose record might find no place. Throws `database-down`. */
  checkPlace(): void {
    if (this.#away !== null && this.#waiting.length >= mostWaiting) throw this.#away;
  }

  /** An answer that is being made holds what it has read, until it is told by the result that its run was added. */
  beginAnswer(startedAt: Date): () => void {
    const answering = { startedAt };
    this.#answering.add(answering);
    return () => void this.#answering.delete(answering);
  }

  /** Whether an answer is being made that began before a time. */
  isAnswering(before: Date): boolean {
    return [...this.#answering].some(({ startedAt }) => startedAt <= before);
  }

  async add(finished: FinishedRun): Promise<void> {
    this.#waiting.push(finished);
    this.#added += 1;
    this.#writing ??= this.#writeNext();
    if (this.#waiting.length > mostWaiting && this.#away === null) await this.#writing;
  }

  /** Waits until all that was added so far can be read. Throws `database-down` instead of waiting for a database. */
  async settle(): Promise<void> {
    const last = this.#added;
    this.#settling += 1;
    try {
      while (this.#written < last && this.#writing !== null) {
        if (this.#away !== null) throw this.#away;
        await this.#writing;
      }
    } finally {
      this.#settling -= 1;
    }
  }

  /**
   * Waits for the answers that are being made, for a while, and writes what waits; tries no more where the database is
   * away, and says in the log what is lost by that.
   */
  async close(): Promise<void> {
    const until = performance.now() + closeMilliseconds;
    while (this.#answering.size > 0 && performance.now() < until) await wait(10);
    this.#closing.abort();
    while (this.#writing !== null) await this.#writing;
    const lost = this.#waiting.map(({ run }) => run.id);
    if (lost.length > 0) this.#log.error({ error: this.#away, runs: lost }, 'runs could not be recorded');
  }

  async #writeNext(): Promise<void> {
    await this.#gather();
    const batch = this.#waiting.slice(0, batchRuns);
    const isThere = (await this.#write(batch)) || (await this.#writeEach(batch));
    if (isThere) {
      this.#waiting.splice(0, batch.length);
      this.#written += batch.length;
    } else {
      await wait(againMilliseconds, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
    const isOver = this.#waiting.length === 0 || (!isThere && this.#closing.signal.aborted);
    this.#writing = isOver ? null : this.#writeNext();
  }

  async #gather(): Promise<void> {
    if (this.#waiting.length >= batchRuns) return;
    const until = performance.now() + quietMilliseconds;
    do await wait(gatherMilliseconds);
    while (this.#mayWait() && performance.now() < until);
  }

  #mayWait(): boolean {
    return this.#answering.size > 0 && this.#settling === 0 && this.#waiting.length < fewRuns;
  }

  /** False where it has to be tried again, one by one or later. */
  async #write(batch: readonly FinishedRun[]): Promise<boolean> {
    try {
      await insertFinishedRuns(this.#database, batch);
      this.#away = null;
      return true;
    } catch (error) {
      this.#away = readAway(error);
      return false;
    }
  }

  /** False where the database is away. */
  async #writeEach(batch: readonly FinishedRun[]): Promise<boolean> {
    for (const finished of this.#away === null ? batch : []) {
      try {
        await insertFinishedRuns(this.#database, [finished]);
      } catch (error) {
        this.#away = readAway(error);
        if (this.#away !== null) return false;
        // Its flow may have been deleted meanwhile. The answer is out; losing its record must not lose others.
        this.#log.error({ error, run: finished.run.id }, 'a run could not be recorded');
      }
    }
    return this.#away === null;
  }
}

function readAway(error: unknown): KumikiError | null {
  const named = nameDatabaseError(error);
  return named instanceof KumikiError && named.code === 'database-down' ? named : null;
}
