import { type SQL, sql } from 'drizzle-orm';
import type * as PgBossModule from 'pg-boss';
import type { PgBoss } from 'pg-boss';
import { type Database, selectRows } from '../database/database.ts';
import { withNamedErrors } from '../database/database-error.ts';
import type { Store } from '../database/open-store.ts';
import { type RunKind, runKinds } from '../schema/runs.ts';
import { JobLoop } from './job-loop.ts';
import { openBell } from './run-bell.ts';

export type QueuedRun = { readonly id: string; readonly kind: RunKind };

export type WorkOptions = {
  /** How many runs of each kind this process executes at once. A build may take hours, so questions have their own. */
  readonly slots: Readonly<Record<RunKind, number>>;
  /**
   * Executes a run. Resolves when the run has come to an end of any kind; rejects where it has to be tried again.
   * `signal` aborts when the run has been given to another worker: nothing may be written any more.
   */
  readonly handler: (run: string, signal: AbortSignal) => Promise<void>;
};

export type RunQueue = {
  /** Puts runs into the queue within the transaction that writes their rows: both are there, or neither. */
  enqueueRuns(transaction: Database, runs: readonly QueuedRun[]): Promise<void>;
  /** Wakes workers, here and elsewhere, after that transaction; those who are not told find the run within a second. */
  announce(kind: RunKind): void;
  /** Begins to execute queued runs, also those that a process that died had begun. */
  workRuns(options: WorkOptions): Promise<void>;
  /**
   * Whether a worker has a run in its hands. A run that was interrupted has begun as well, and waits for a worker all
   * the same: nobody may wait for it in turn.
   */
  isWorkedOn(run: string): Promise<boolean>;
  /** Fetches nothing more, and waits for what is under way; what does not end in time is tried again later. */
  stop(options: { readonly milliseconds: number }): Promise<void>;
};

const queueOf: Readonly<Record<RunKind, string>> = {
  build: 'builds',
  question: 'questions',
  experiment: 'experiments',
};

const queueOptions = {
  // Also with heartbeats pg-boss would end a job after 15 minutes otherwise; this is the most that a queue may say.
  expireInSeconds: 86_400,
  // Whoever executes runs counts attempts and gives up; the queue only sees to it that somebody tries.
  retryLimit: 100,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  deleteAfterSeconds: 3_600,
  // Workers are told by a bell of our own, which rings once for many runs.
  notify: false,
};

/** A job may say more than its queue: tuning takes days, and heartbeats tell whether somebody is at it. */
const expireInSeconds = 10 * 365 * 86_400;
/** Due long since: a job that is due just now would wait for an hour where the clock is put back by one. */
const startAfter = '-1 day';
/** On the embedded database nobody else can take a job over, and a process that slept for a while has not lost its own. */
const heartbeatSeconds: Readonly<Record<Store['kind'], number | null>> = { embedded: null, server: 10 };

/**
 * The queue of runs, on the database itself (pg-boss, in a schema of its own). On a server, a worker that died is
 * replaced within some ten seconds, by its heartbeats; on the embedded database, which only one process has open,
 * whatever was under way when it starts is orphaned, and is taken up at once.
 */
export async function createRunQueue(
  store: Store,
  options: { readonly onError: (error: unknown) => void },
): Promise<RunQueue> {
  // A server listens before it works: what the queue needs is loaded after that.
  const library = await import('pg-boss');
  const boss = makeBoss(library, store);
  // Without a listener, a restart of Postgres would end this process.
  boss.on('error', options.onError);
  try {
    await withNamedErrors(() => openQueues(boss, store));
  } catch (error) {
    // What has started supervises and holds connections; the next try begins anew.
    await boss.stop({ graceful: false }).catch(options.onError);
    throw error;
  }

  const loops = new Map<RunKind, JobLoop>();
  const bell = store.connection.kind === 'server' ? openBell(store.connection, options.onError) : null;

  return {
    async enqueueRuns(transaction, runs) {
      const db = library.fromDrizzle(
        { execute: async (statement: SQL) => ({ rows: [...(await selectRows(transaction, statement))] }) },
        sql,
      );
      for (const kind of runKinds) {
        const jobs = runs.flatMap((run) =>
          run.kind === kind ? [{ id: run.id, data: { run: run.id }, expireInSeconds, startAfter }] : [],
        );
        if (jobs.length > 0) await boss.insert(queueOf[kind], jobs, { db });
      }
    },
    announce(kind) {
      loops.get(kind)?.wake();
      bell?.ring(kind);
    },
    async workRuns({ slots, handler }) {
      if (store.kind === 'embedded') await releaseOrphans(boss, store);
      for (const kind of runKinds) {
        if (slots[kind] === 0) continue;
        const queue = queueOf[kind];
        loops.set(kind, new JobLoop({ boss, queue, slots: slots[kind], handler, onError: options.onError }));
      }
      await bell?.listen((kind) => loops.get(kind)?.wake());
    },
    async isWorkedOn(run) {
      const active = await selectRows(
        store.database,
        sql`
          select 1 from pgboss.job where name = any(${sql.param(Object.values(queueOf))}::text[]) and id = ${run}::uuid
            and state = 'active'`,
      );
      return active.length > 0;
    },
    async stop({ milliseconds }) {
      await Promise.all([...[...loops.values()].map((loop) => loop.stop({ milliseconds })), bell?.close()]);
      await boss.stop({ graceful: false });
    },
  };
}

async function openQueues(boss: PgBoss, store: Store): Promise<void> {
  await boss.start();
  const heartbeat = heartbeatSeconds[store.kind];
  for (const kind of runKinds) {
    const name = queueOf[kind];
    if ((await boss.getQueue(name)) === null) {
      await boss.createQueue(name, { ...queueOptions, ...(heartbeat !== null && { heartbeatSeconds: heartbeat }) });
    } else {
      await boss.updateQueue(name, { ...queueOptions, heartbeatSeconds: heartbeat });
    }
  }
}

function makeBoss({ fromPglite, PgBoss }: typeof PgBossModule, store: Store): PgBoss {
  const quiet = { registerInstance: false, monitorVacuum: false, schedule: false };
  if (store.connection.kind === 'embedded') {
    return new PgBoss({
      ...quiet,
      backend: 'pglite',
      db: fromPglite(store.connection.client),
      // Nobody else can die here without this process noticing.
      superviseIntervalSeconds: 60,
      monitorIntervalSeconds: 60,
      reindex: false,
    });
  }
  return new PgBoss({
    ...quiet,
    connectionString: store.connection.databaseUrl,
    application_name: 'kumiki-queue',
    max: 4,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
}

/** Gives back what a process that is gone had taken: not fenced, since nobody can hold it any more. */
async function releaseOrphans(boss: PgBoss, store: Store): Promise<void> {
  for (const kind of runKinds) {
    const orphans = await selectRows<{ id: string }>(
      store.database,
      sql`select id from pgboss.job where name = ${queueOf[kind]} and state = 'active'`,
    );
    if (orphans.length > 0) {
      await boss.fail(
        queueOf[kind],
        orphans.map((orphan) => orphan.id),
      );
    }
  }
}
