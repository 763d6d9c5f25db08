import { KumikiError } from '@kumiki/node-sdk';
import {
  createId,
  type Database,
  insertQueuedRuns,
  type NewRun,
  nameDatabaseError,
  type RunQueue,
} from '@kumiki/store';

const batchRuns = 100;

type Waiting = {
  readonly run: NewRun;
  readonly accept: (id: string) => void;
  readonly refuse: (error: unknown) => void;
};

/**
 * Accepts runs: each is written down and queued, both or neither, before its caller hears of it. What comes while a
 * transaction is under way shares the next one.
 */
export class RunIntake {
  readonly #database: Database;
  readonly #openQueue: () => Promise<RunQueue>;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(database: Database, openQueue: () => Promise<RunQueue>) {
    this.#database = database;
    this.#openQueue = openQueue;
  }

  /** Gives the run's id once it is kept. */
  add(run: NewRun): Promise<string> {
    return new Promise((accept, refuse) => {
      // Named beforehand: whoever loses the connection does not know whether it was written, and writes it again.
      this.#waiting.push({ run: { id: createId(), ...run }, accept, refuse });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      // Requests that came in the same moment are all there by then.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting.splice(0, batchRuns);
      if (await this.#write(batch)) continue;
      // One that cannot be written, because its flow was deleted meanwhile, is no reason to refuse the others.
      for (const one of batch) await this.#write([one]);
    }
    this.#writing = false;
  }

  /** False where none of several was written. */
  async #write(batch: readonly Waiting[]): Promise<boolean> {
    try {
      const ids = await writeRuns(
        this.#database,
        this.#openQueue,
        batch.map(({ run }) => run),
      );
      for (const [place, { accept }] of batch.entries()) accept(ids[place] ?? '');
      return true;
    } catch (thrown) {
      const error = nameDatabaseError(thrown);
      const isAway = error instanceof KumikiError && error.code === 'database-down';
      if (batch.length > 1 && !isAway) return false;
      for (const { refuse } of batch) refuse(error);
      return true;
    }
  }
}

async function writeRuns(
  database: Database,
  openQueue: () => Promise<RunQueue>,
  runs: readonly NewRun[],
): Promise<readonly string[]> {
  // Before the transaction: on the embedded database, nothing else can be asked while it is open.
  const queue = await openQueue();
  const ids = await database.transaction((transaction) => queueRuns(transaction, queue, runs));
  for (const kind of new Set(runs.map((run) => run.kind))) queue.announce(kind);
  return ids;
}

/** Writes runs down and puts them into the queue, within a transaction. Gives their ids, in their order. */
export async function queueRuns(
  transaction: Database,
  queue: RunQueue,
  runs: readonly NewRun[],
): Promise<readonly string[]> {
  const ids = await insertQueuedRuns(transaction, runs);
  await queue.enqueueRuns(
    transaction,
    runs.flatMap(({ kind }, place) => ({ id: ids[place] ?? '', kind })),
  );
  return ids;
}
