import { setTimeout as wait } from 'node:timers/promises';
import type { Job, PgBoss } from 'pg-boss';
import { z } from 'zod';

const heartbeatMilliseconds = 3_000;
/** Nobody tells when a job is due again, or a notification was lost. */
const pollMilliseconds = 1_000;

type RunJob = Job<{ readonly run: string }>;
/** Its types do not tell what pg-boss answers: the ids of the jobs that are still this worker's. */
const touchedSchema = z.object({ settled: z.array(z.string()) });

type HeldJob = { readonly job: RunJob; readonly controller: AbortController };

export type JobLoopOptions = {
  readonly boss: PgBoss;
  readonly queue: string;
  /** How many jobs are held at once. */
  readonly slots: number;
  /** Rejects where the job has to be tried again. `signal` aborts when the job was given to another worker. */
  readonly handler: (run: string, signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

/**
 * Takes jobs of one queue as slots are free, several by one statement, keeps them by heartbeats while they are worked on,
 * and settles those that have ended, several by one statement as well. pg-boss's own workers hold one job each and fetch
 * the next one after a pause, which for short jobs is most of the time. States: working, then stopped by `stop`.
 */
export class JobLoop {
  readonly #options: JobLoopOptions;
  readonly #held = new Map<string, HeldJob>();
  /** Jobs that have ended and wait to be settled. They hold no slot. */
  #ended: RunJob[] = [];
  #turning = false;
  #again = false;
  #stopped = false;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(options: JobLoopOptions) {
    this.#options = options;
    this.#timers = [
      setInterval(() => this.wake(), pollMilliseconds),
      setInterval(() => void this.#keepJobs(), heartbeatMilliseconds),
    ];
    this.wake();
  }

  /** Looks for jobs now: one was put into the queue. */
  wake(): void {
    if (this.#turning) this.#again = true;
    else void this.#turn();
  }

  /** Takes no more jobs, and waits for those under way; what does not end in time is tried again by somebody else. */
  async stop({ milliseconds }: { readonly milliseconds: number }): Promise<void> {
    this.#stopped = true;
    const until = performance.now() + milliseconds;
    while ((this.#held.size > 0 || this.#turning) && performance.now() < until) await wait(10);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#settleEnded();
  }

  async #turn(): Promise<void> {
    this.#turning = true;
    try {
      do {
        this.#again = false;
        // What ends within the same moment is settled together.
        await new Promise((resolve) => setImmediate(resolve));
        await this.#settleEnded();
        await this.#takeJobs();
      } while (this.#again);
    } finally {
      this.#turning = false;
    }
  }

  async #takeJobs(): Promise<void> {
    const { boss, queue, slots, onError } = this.#options;
    const free = slots - this.#held.size;
    if (this.#stopped || free <= 0) return;
    try {
      const jobs = await boss.fetch<{ run: string }>(queue, { batchSize: free });
      for (const job of jobs) void this.#work(job);
    } catch (error) {
      onError(error);
    }
  }

  async #work(job: RunJob): Promise<void> {
    const { boss, queue, handler, onError } = this.#options;
    const controller = new AbortController();
    // An earlier attempt at the same job that was slow to notice: it has lost it, to this very process.
    this.#held.get(job.id)?.controller.abort(lostJob());
    this.#held.set(job.id, { job, controller });
    try {
      await handler(job.data.run, controller.signal);
      this.#ended.push(job);
    } catch {
      // Where this fails too, heartbeats end, and somebody else tries.
      // The reason stays out of it: messages of the database repeat what was to be written.
      await boss.fail(queue, job).catch(onError);
    } finally {
      if (this.#held.get(job.id)?.controller === controller) this.#held.delete(job.id);
      this.wake();
    }
  }

  /** Fenced by the attempt that was fetched: a job that somebody else has by now stays theirs. */
  async #settleEnded(): Promise<void> {
    const { boss, queue, onError } = this.#options;
    if (this.#ended.length === 0) return;
    const jobs = this.#ended;
    this.#ended = [];
    try {
      await boss.complete(queue, jobs);
    } catch (error) {
      // Tried again at the next turn. Should this process end before, whoever gets the job finds its run ended.
      this.#ended = [...jobs, ...this.#ended];
      onError(error);
    }
  }

  async #keepJobs(): Promise<void> {
    const { boss, queue, onError } = this.#options;
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    try {
      const answer = await boss.touch(
        queue,
        held.map(({ job }) => job),
      );
      const kept = new Set(touchedSchema.parse(answer).settled);
      for (const { job, controller } of held) {
        // One that ended meanwhile is not held any more, and nobody listens to its signal.
        if (!kept.has(job.id)) controller.abort(lostJob());
      }
    } catch (error) {
      // It says nothing about who has the jobs.
      onError(error);
    }
  }
}

function lostJob(): DOMException {
  return new DOMException('Another worker has the run', 'AbortError');
}
