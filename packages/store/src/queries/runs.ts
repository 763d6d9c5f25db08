import type { JsonValue } from '@kumiki/flow';
import { type ErrorReport, KumikiError, type TokenUsage } from '@kumiki/node-sdk';
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import type { RunKind, RunRequest, RunState, TerminalRunState } from '../schema/runs.ts';
import { runs } from '../schema/tables.ts';
import { appendFrom, type RunEventRow } from './append-events.ts';
import { makePage, type Page, type PageOptions, pageLimit } from './page.ts';

export type RunRow = typeof runs.$inferSelect;

export type NewRun = {
  /** Given where the caller had to know it beforehand. */
  readonly id?: string;
  readonly workspace: string;
  readonly kind: RunKind;
  readonly flow: string;
  readonly version: number;
  readonly build?: number | null;
  readonly request?: RunRequest;
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  readonly endpoint?: string | null;
  readonly arm?: string | null;
  readonly apiKey?: string | null;
  readonly subject?: string | null;
  readonly conversation?: string | null;
};

export type RunResult = {
  readonly state: TerminalRunState;
  readonly outputs?: JsonValue;
  readonly error?: ErrorReport | null;
  readonly usage?: TokenUsage | null;
  /** The build that the run made. */
  readonly build?: number;
};

/** Runs that wait for a worker, by one statement; those that are there already stay. Gives their ids, in their order. */
export async function insertQueuedRuns(database: Database, queued: readonly NewRun[]): Promise<readonly string[]> {
  const rows = queued.map((run) => describeRun(run, { state: 'queued', attempt: 0 }));
  await insertRuns(database, rows);
  return rows.map(({ id }) => id);
}

/** A run that is over before it is written down. */
export type FinishedRun = {
  readonly run: NewRun & { readonly startedAt: Date; readonly endedAt: Date };
  readonly result: RunResult;
};

/** Runs that are over already: all of them by one statement, or none where it fails. */
export async function insertFinishedRuns(database: Database, finished: readonly FinishedRun[]): Promise<void> {
  if (finished.length === 0) return;
  const rows = finished.map(({ run, result }) =>
    describeRun(run, {
      state: result.state,
      attempt: 1,
      started_at: run.startedAt,
      ended_at: run.endedAt,
      outputs: cleanJson(result.outputs ?? null),
      error: cleanJson(result.error ?? null),
      usage: result.usage ?? null,
    }),
  );
  await insertRuns(database, rows);
}

/** Where a run stands when it is written down: columns of its row. */
type RunProgress = {
  readonly state: RunState;
  readonly attempt: number;
  readonly started_at?: Date;
  readonly ended_at?: Date;
  readonly outputs?: JsonValue;
  readonly error?: ErrorReport | null;
  readonly usage?: TokenUsage | null;
};

/** By column. What is left out is null; the time of creation is the database's own. */
function describeRun(run: NewRun, progress: RunProgress) {
  return {
    id: run.id ?? createId(),
    workspace_id: run.workspace,
    kind: run.kind,
    flow_id: run.flow,
    version: run.version,
    build: run.build,
    request: cleanJson(run.request ?? {}),
    inputs: cleanJson(run.inputs ?? {}),
    endpoint_id: run.endpoint,
    arm: run.arm,
    api_key_id: run.apiKey,
    conversation: cleanJson(run.conversation),
    subject: cleanJson(run.subject),
    ...progress,
  };
}

const writtenColumns = sql.raw(
  'id, workspace_id, kind, flow_id, version, build, request, inputs, outputs, state, attempt, error, usage, endpoint_id, arm, api_key_id, subject, conversation, started_at, ended_at',
);

/**
 * As one value, however many they are. A parameter for each value of each row made Drizzle, the driver and the server's
 * parser work for longer than the rows themselves take.
 */
async function insertRuns(database: Database, rows: readonly ReturnType<typeof describeRun>[]): Promise<void> {
  // Whoever lost the connection does not know whether they were written, and writes them again.
  await database.execute(sql`
    insert into runs (${writtenColumns})
    select ${writtenColumns} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as run(
      id uuid, workspace_id text, kind text, flow_id uuid, version int, build int, request jsonb, inputs jsonb,
      outputs jsonb, state text, attempt int, error jsonb, usage jsonb, endpoint_id uuid, arm text, api_key_id uuid,
      subject text, conversation text, started_at timestamptz, ended_at timestamptz)
    on conflict (id) do nothing`);
}

/** With `apiKey`, only a run of that key is there. Throws `run-unknown`. */
export async function readRun(
  database: Database,
  at: { readonly workspace: string; readonly run: string; readonly apiKey?: string | undefined },
): Promise<RunRow> {
  const [row] = await database
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, at.workspace),
        eq(runs.id, at.run),
        at.apiKey === undefined ? undefined : eq(runs.apiKeyId, at.apiKey),
      ),
    );
  return row ?? refuseUnknownRun();
}

export type RunListOptions = PageOptions & {
  readonly workspace: string;
  readonly flow?: string | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly kind?: RunKind | undefined;
  readonly apiKey?: string | undefined;
  readonly endpoint?: string | undefined;
};

/** Newest first. */
export async function listRuns(database: Database, options: RunListOptions): Promise<Page<RunRow>> {
  return makePage(await selectRuns(database, options), options, (run) => run.id);
}

/** The statement of `listRuns`, for whoever wants to know how it is executed. */
export function selectRuns(database: Database, options: RunListOptions) {
  return database
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, options.workspace),
        options.flow === undefined ? undefined : eq(runs.flowId, options.flow),
        options.states === undefined ? undefined : inArray(runs.state, [...options.states]),
        // As a word of the statement and not as a parameter, or the index of builds alone would not be used for them.
        options.kind === undefined ? undefined : sql`${runs.kind} = ${sql.raw(`'${options.kind}'`)}`,
        options.apiKey === undefined ? undefined : eq(runs.apiKeyId, options.apiKey),
        options.endpoint === undefined ? undefined : eq(runs.endpointId, options.endpoint),
        options.cursor === undefined ? undefined : lt(runs.id, options.cursor),
      ),
    )
    .orderBy(desc(runs.id))
    .limit(pageLimit(options) + 1);
}

/**
 * Takes a run for a worker: the next attempt at it begins, and whoever held it can write no more. Null where there is
 * nothing left to do, because it ended or was cancelled before.
 */
export async function claimRun(database: Database, run: string): Promise<RunRow | null> {
  const [row] = await database
    .update(runs)
    .set({
      state: 'running',
      attempt: sql`${runs.attempt} + 1`,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
    })
    .where(and(eq(runs.id, run), inArray(runs.state, ['queued', 'running'])))
    .returning();
  return row ?? null;
}

/** Which attempt at which run: every write of a run carries it. */
export type RunAttempt = { readonly run: string; readonly attempt: number };

/**
 * Ends a run, once and for ever, with its last events: all of it by one statement, or nothing. Throws `run-taken-over`
 * where another attempt has it, or it has ended.
 */
export async function finishRun(
  database: Database,
  at: RunAttempt,
  result: RunResult,
  events: readonly RunEventRow[] = [],
): Promise<void> {
  const write = (value: JsonValue | undefined) => (value == null ? null : JSON.stringify(cleanJson(value)));
  const ended = await selectRows(
    database,
    sql`
      with ended as (
        update runs set state = ${result.state}, outputs = ${write(result.outputs)}::jsonb,
          error = ${write(result.error ?? null)}::jsonb, usage = ${write(result.usage ?? null)}::jsonb, ended_at = now(),
          build = coalesce(${result.build ?? null}::int, build)
        where id = ${at.run} and attempt = ${at.attempt} and state = 'running'
        returning workspace_id, id),
      appended as (${appendFrom(sql`ended`, events)})
      select 1 from ended`,
  );
  if (ended.length === 0) throw refuseTakenOver();
}

/**
 * Asks for a run to stop. One that waits is cancelled at once; one that runs is marked, and its worker ends it; one
 * that has ended stays as it is. Throws `run-unknown`.
 */
export async function requestCancel(
  database: Database,
  at: { readonly workspace: string; readonly run: string },
): Promise<RunRow> {
  const [row] = await database
    .update(runs)
    .set({
      cancelRequestedAt: sql`coalesce(${runs.cancelRequestedAt}, now())`,
      state: sql`case when ${runs.state} = 'queued' then 'cancelled' else ${runs.state} end`,
      endedAt: sql`case when ${runs.state} = 'queued' then now() end`,
    })
    .where(and(eq(runs.workspaceId, at.workspace), eq(runs.id, at.run), inArray(runs.state, ['queued', 'running'])))
    .returning();
  return row ?? readRun(database, at);
}

/**
 * Asks a node of a run that is under way to end with what it has by now; its worker tells it. Gives null where the run has
 * ended. Throws `run-unknown`.
 */
export async function requestNodeStop(
  database: Database,
  at: { readonly workspace: string; readonly run: string; readonly node: string },
): Promise<RunRow | null> {
  const [row] = await database
    .update(runs)
    .set({ stoppedNodes: sql`array_append(array_remove(${runs.stoppedNodes}, ${at.node}), ${at.node})` })
    .where(and(eq(runs.workspaceId, at.workspace), eq(runs.id, at.run), inArray(runs.state, ['queued', 'running'])))
    .returning();
  if (row !== undefined) return row;
  await readRun(database, at);
  return null;
}

/** Which nodes of these runs were asked to end with what they have. */
export async function findNodeStops(
  database: Database,
  asked: readonly string[],
): Promise<readonly { readonly run: string; readonly nodes: readonly string[] }[]> {
  if (asked.length === 0) return [];
  return database
    .select({ run: runs.id, nodes: runs.stoppedNodes })
    .from(runs)
    .where(inArray(runs.id, [...asked]));
}

export type AttemptToStop = RunAttempt & { readonly reason: 'cancel-requested' | 'taken-over' };

/** Which of these attempts have been asked to stop, have ended, or are no longer the newest. */
export async function findAttemptsToStop(
  database: Database,
  attempts: readonly RunAttempt[],
): Promise<readonly AttemptToStop[]> {
  if (attempts.length === 0) return [];
  const rows = await database
    .select({ id: runs.id, attempt: runs.attempt, state: runs.state, cancel: runs.cancelRequestedAt })
    .from(runs)
    .where(
      inArray(
        runs.id,
        attempts.map((attempt) => attempt.run),
      ),
    );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return attempts.flatMap((attempt): AttemptToStop[] => {
    const row = byId.get(attempt.run);
    if (row === undefined || row.attempt !== attempt.attempt || row.state !== 'running') {
      return [{ ...attempt, reason: 'taken-over' }];
    }
    return row.cancel === null ? [] : [{ ...attempt, reason: 'cancel-requested' }];
  });
}

/** Whether this attempt is the one that may write. */
export async function isAttemptCurrent(database: Database, at: RunAttempt): Promise<boolean> {
  return (await findAttemptsToStop(database, [at])).every((stop) => stop.reason !== 'taken-over');
}

export function refuseTakenOver(): KumikiError {
  return new KumikiError({
    code: 'run-taken-over',
    message: {
      en: 'The run has ended, or another worker has taken it over, so nothing was written. Look at the run: it shows what became of it.',
      ja: 'この実行はすでに終了したか、別のワーカーが引き継いだため、何も書き込みませんでした。この実行の結果を確認してください。',
    },
    status: 409,
  });
}

function refuseUnknownRun(): never {
  throw new KumikiError({
    code: 'run-unknown',
    message: {
      en: 'There is no such run. Look at the list of runs.',
      ja: '指定された実行はありません。実行の一覧を確認してください。',
    },
    status: 404,
  });
}
