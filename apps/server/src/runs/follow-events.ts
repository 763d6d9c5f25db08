import { type Database, listRunEvents, type RunRow, readRun } from '@kumiki/store';
import { describeOutcome } from './describe-run.ts';
import type { NumberedEvent, RunEvent } from './event-log.ts';
import type { LiveRuns } from './live-runs.ts';

const elsewhereMilliseconds = 2_000;
const archivingMilliseconds = 20;
const pageEvents = 500;

export type FollowOptions = {
  readonly database: Database;
  readonly live: LiveRuns;
  readonly workspace: string;
  readonly run: string;
  /** Only what comes after this sequence number. */
  readonly after: number;
};

/**
 * The events of a run, each once and in order, until `run-end`: from the archive, then from the log of this process as
 * they happen, then, for a run of another process, from the archive again.
 */
export async function* followEvents(options: FollowOptions, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
  const { database, live, workspace, run } = options;
  let cursor = options.after;
  for (;;) {
    signal.throwIfAborted();
    const log = live.findLog(run);
    const tail = log?.readTail(cursor) ?? null;
    if (log !== null && tail?.length === 0) {
      await log.waitForMore(signal);
      continue;
    }
    const events = tail ?? (await listArchived(database, run, cursor));
    for (const event of events) {
      yield event;
      cursor = event.sequence;
      if (event.event.type === 'run-end') return;
    }
    if (events.length > 0) continue;
    const row = await readRun(database, { workspace, run });
    if (row.endedAt === null) {
      // Executed here, it has just begun, or its events are on their way into the archive.
      const isHere = live.findLog(run) !== null;
      const patience = isHere ? archivingMilliseconds : elsewhereMilliseconds;
      await live.waitForNews({ run, after: cursor }, patience, signal);
      continue;
    }
    // It may have ended between the two questions.
    const rest = await listArchived(database, run, cursor);
    yield* rest;
    if (rest.length === 0 && options.after === 0 && cursor === 0) yield* retell(row);
    if (rest.at(-1)?.event.type === 'run-end' || rest.length === 0) return;
  }
}

/** Whether a run has ended and nothing came after a sequence number. */
export async function isOver({ database, workspace, run, after }: FollowOptions): Promise<boolean> {
  const row = await readRun(database, { workspace, run });
  if (row.endedAt === null || after === 0) return false;
  return (await listRunEvents(database, { run, after, limit: 1 })).length === 0;
}

async function listArchived(database: Database, run: string, after: number): Promise<readonly NumberedEvent[]> {
  const rows = await listRunEvents(database, { run, after, limit: pageEvents });
  // The edge: what stands there was written by this very program as events.
  return rows.map(({ sequence, event }) => ({ sequence, event: event as RunEvent }));
}

/** Questions that endpoints answer keep their outcome and no log: their whole story is its beginning and its end. */
function* retell(row: RunRow): Generator<NumberedEvent> {
  const at = (row.startedAt ?? row.createdAt).toISOString();
  yield { sequence: 1, event: { type: 'run-start', kind: row.kind, at } };
  yield { sequence: 2, event: describeOutcome(row) };
}
