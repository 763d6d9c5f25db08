import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createId } from '../database/create-id.ts';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import type { RunKind } from '../schema/runs.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { createRunQueue, type RunQueue } from './create-run-queue.ts';

let store: Store;
const queues: RunQueue[] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  store = await openTestDatabase();
});
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop({ milliseconds: 1_000 })));
  await store.close();
  expect(errors.splice(0)).toEqual([]);
});

async function makeQueue(): Promise<RunQueue> {
  const queue = await createRunQueue(store, { onError: (error) => errors.push(error) });
  queues.push(queue);
  return queue;
}

async function enqueue(queue: RunQueue, kind: RunKind = 'question'): Promise<string> {
  const id = createId();
  await store.database.transaction((transaction) => queue.enqueueRuns(transaction, [{ id, kind }]));
  queue.announce(kind);
  return id;
}

/** Not the second, which may have begun in the database before its handler is called. */
async function silenceFirstAttempt(): Promise<void> {
  await store.database.execute(
    sql`update pgboss.job set heartbeat_on = now() - interval '1 hour' where state = 'active' and retry_count = 0`,
  );
}

const patience = { timeout: 30_000, interval: 20 };

describe('the queue of runs', () => {
  it('executes each run once, and none whose transaction was undone', async () => {
    const queue = await makeQueue();
    const executed: string[] = [];
    await queue.workRuns({
      slots: { build: 1, question: 2, experiment: 0 },
      handler: async (run) => void executed.push(run),
    });
    const undone = store.database.transaction(async (transaction) => {
      await queue.enqueueRuns(transaction, [{ id: createId(), kind: 'question' }]);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    const runs = await Promise.all(Array.from({ length: 10 }, () => enqueue(queue)));
    await vi.waitFor(() => expect(executed).toHaveLength(10), patience);
    expect(executed.toSorted()).toEqual(runs.toSorted());
  });

  it('does not let builds keep questions waiting, and keeps to its slots', async () => {
    const queue = await makeQueue();
    const begun: string[] = [];
    const held = Promise.withResolvers<void>();
    const builds = new Set([await enqueue(queue, 'build'), await enqueue(queue, 'build')]);
    await queue.workRuns({
      slots: { build: 1, question: 1, experiment: 0 },
      handler: async (run) => {
        begun.push(run);
        if (builds.has(run)) await held.promise;
      },
    });
    const question = await enqueue(queue);
    await vi.waitFor(() => expect(begun).toContain(question), patience);
    expect(begun.filter((run) => builds.has(run))).toHaveLength(1);
    held.resolve();
    await vi.waitFor(() => expect(begun).toHaveLength(3), patience);
  });

  it('tries a run again whose handler rejected', async () => {
    const queue = await makeQueue();
    const attempts: string[] = [];
    await queue.workRuns({
      slots: { build: 1, question: 1, experiment: 0 },
      handler: async (run) => {
        attempts.push(run);
        if (attempts.length === 1) throw new Error('the model host went away');
      },
    });
    const run = await enqueue(queue);
    await vi.waitFor(() => expect(attempts).toEqual([run, run]), patience);
  });

  it('tells what is worked on from what waits, or waits again', async () => {
    const queue = await makeQueue();
    const run = await enqueue(queue);
    expect(await queue.isWorkedOn(run)).toBe(false);
    const seen: boolean[] = [];
    await queue.workRuns({
      slots: { build: 1, question: 1, experiment: 0 },
      handler: async () => {
        seen.push(await queue.isWorkedOn(run));
        if (seen.length === 1) throw new Error('interrupted');
      },
    });
    await vi.waitFor(() => expect(seen).toHaveLength(1), patience);
    await vi.waitFor(async () => expect(await queue.isWorkedOn(run)).toBe(false), patience);
    await vi.waitFor(() => expect(seen).toEqual([true, true]), patience);
  });

  it('tries a run again whose worker died, and tells that one if it wakes up', async () => {
    const first = await makeQueue();
    const attempts: AbortSignal[] = [];
    const slots = { build: 1, question: 0, experiment: 0 };
    const handler = async (_: string, signal: AbortSignal) => {
      attempts.push(signal);
      // The first attempt hangs until it is told that it has lost the run.
      if (attempts.length === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await first.workRuns({ slots, handler });
    await enqueue(first, 'build');
    await vi.waitFor(() => expect(attempts).toHaveLength(1), patience);

    const second = await makeQueue();
    await second.workRuns({ slots, handler });
    await vi.waitFor(async () => {
      // The worker is not dead but deaf: on a server, where heartbeats tell, they have to be silenced.
      if (store.kind === 'server') await silenceFirstAttempt();
      expect(attempts).toHaveLength(2);
    }, patience);
    await vi.waitFor(() => expect(attempts[0]?.aborted).toBe(true), patience);
  });

  it('keeps a run that came back to the same worker, when the attempt before it ends', async () => {
    // On the embedded database no run is taken from the process that has it.
    if (store.kind === 'embedded') return;
    const queue = await makeQueue();
    const held = Promise.withResolvers<void>();
    const attempts: AbortSignal[] = [];
    await queue.workRuns({
      slots: { build: 0, question: 2, experiment: 0 },
      handler: async (_, signal) => {
        attempts.push(signal);
        if (attempts.length > 1) return held.promise;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const run = await enqueue(queue);
    await vi.waitFor(() => expect(attempts).toHaveLength(1), patience);
    await vi.waitFor(async () => {
      await silenceFirstAttempt();
      expect(attempts).toHaveLength(2);
    }, patience);
    await vi.waitFor(() => expect(attempts[0]?.aborted).toBe(true), patience);
    const readHeartbeat = async () => {
      const [job] = await selectRows<{ beat: string; state: string }>(
        store.database,
        sql`select heartbeat_on::text as beat, state from pgboss.job where id = ${run}`,
      );
      return job;
    };
    const before = await readHeartbeat();
    await vi.waitFor(async () => expect((await readHeartbeat())?.beat).not.toBe(before?.beat), patience);
    expect(await readHeartbeat()).toMatchObject({ state: 'active' });
    expect(attempts[1]?.aborted).toBe(false);
    held.resolve();
    await vi.waitFor(async () => expect(await readHeartbeat()).toMatchObject({ state: 'completed' }), patience);
    expect(attempts).toHaveLength(2);
  });

  it('waits for what is under way when it stops', async () => {
    const queue = await makeQueue();
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let ended = false;
    await queue.workRuns({
      slots: { build: 0, question: 1, experiment: 0 },
      handler: async () => {
        begun.resolve();
        await held.promise;
        ended = true;
      },
    });
    await enqueue(queue);
    await begun.promise;
    const stopped = queue.stop({ milliseconds: 20_000 });
    held.resolve();
    await stopped;
    expect(ended).toBe(true);
  });
});
