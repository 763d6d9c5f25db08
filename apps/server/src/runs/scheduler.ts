import { KumikiError } from '@kumiki/node-sdk';
import { listDueSchedules, recordFiring, type ScheduleRow, takeFiring } from '@kumiki/store';
import { findNextTime } from './next-time.ts';
import { queueRuns } from './run-intake.ts';
import { choosePlannedVersion, type StartParts } from './start-run.ts';

const lookMilliseconds = 5_000;

/**
 * Begins builds by the clock. The firing is taken and its run queued by one transaction, so that each fires once whatever
 * the number of servers, and none is lost. What was missed while nothing ran is made up for once, not in a burst.
 */
export class Scheduler {
  readonly #parts: StartParts;
  #timer: NodeJS.Timeout | null = null;
  #firing = Promise.resolve();

  constructor(parts: StartParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#firing = this.#firing
        .then(() => this.fireDue())
        .catch((error: unknown) => {
          this.#parts.log.warn({ error }, 'looking for schedules failed');
        });
    }, lookMilliseconds);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#firing;
  }

  /** Fires what is due now. */
  async fireDue(): Promise<void> {
    const { now, due } = await listDueSchedules(this.#parts.database);
    for (const schedule of due) await this.#fire(schedule, now);
  }

  async #fire(schedule: ScheduleRow, now: Date): Promise<void> {
    const { database, openQueue, log } = this.#parts;
    const { id, workspaceId: workspace, flowId: flow } = schedule;
    const next = { at: findNextTime(schedule, now) };
    let version: number;
    try {
      version = await choosePlannedVersion(this.#parts, { workspace, flow, version: schedule.version ?? undefined });
    } catch (error) {
      // A draft that cannot be built now may be well again at its next time.
      if (!(error instanceof KumikiError) || error.retryable) throw error;
      log.warn({ schedule: id, flow, code: error.code }, 'a schedule could not begin its build');
      await takeFiring(database, schedule, next);
      return;
    }
    const queue = await openQueue();
    const run = await database.transaction(async (transaction) => {
      if (!(await takeFiring(transaction, schedule, next))) return null;
      const [begun = ''] = await queueRuns(transaction, queue, [{ workspace, kind: 'build', flow, version }]);
      await recordFiring(transaction, { schedule: id, run: begun });
      return begun;
    });
    if (run !== null) queue.announce('build');
  }
}
