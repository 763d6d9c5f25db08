import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { createId } from '../database/create-id.ts';
import { type Database, selectRows } from '../database/database.ts';
import { schedules } from '../schema/tables.ts';

export type ScheduleRow = typeof schedules.$inferSelect;
type ScheduleAddress = { readonly workspace: string; readonly schedule: string };

export type ScheduleContent = {
  /** Null: the draft, as it is when the schedule fires. */
  readonly version: number | null;
  readonly cron: string;
  readonly timeZone: string;
  /** Null: switched off. */
  readonly nextAt: Date | null;
};

export async function insertSchedule(
  database: Database,
  schedule: ScheduleContent & { readonly workspace: string; readonly flow: string },
): Promise<ScheduleRow> {
  const { workspace, flow, ...content } = schedule;
  const [row] = await database
    .insert(schedules)
    .values({ id: createId(), workspaceId: workspace, flowId: flow, ...content })
    .returning();
  return row ?? refuseUnknownSchedule();
}

/** Oldest first. */
export function listSchedules(
  database: Database,
  options: { readonly workspace: string; readonly flow?: string | undefined },
): Promise<ScheduleRow[]> {
  return database
    .select()
    .from(schedules)
    .where(
      and(
        eq(schedules.workspaceId, options.workspace),
        options.flow === undefined ? undefined : eq(schedules.flowId, options.flow),
      ),
    )
    .orderBy(asc(schedules.id));
}

/** Throws `schedule-unknown`. */
export async function changeSchedule(
  database: Database,
  { workspace, schedule, ...content }: ScheduleAddress & ScheduleContent,
): Promise<ScheduleRow> {
  const [row] = await database
    .update(schedules)
    .set({ ...content, updatedAt: sql`now()` })
    .where(whereSchedule({ workspace, schedule }))
    .returning();
  return row ?? refuseUnknownSchedule();
}

/** Throws `schedule-unknown`. */
export async function deleteSchedule(database: Database, at: ScheduleAddress): Promise<void> {
  const deleted = await database.delete(schedules).where(whereSchedule(at)).returning({ id: schedules.id });
  if (deleted.length === 0) refuseUnknownSchedule();
}

/** What the clock of the database says: servers whose own clocks differ agree by it on when schedules fire. */
export async function readClock(database: Database): Promise<Date> {
  const [clock] = await selectRows<{ now: number }>(
    database,
    sql`select extract(epoch from now())::float8 * 1000 as now`,
  );
  return new Date(clock?.now ?? Date.now());
}

/** Schedules whose time has come, by the clock of the database, and what that clock says. */
export async function listDueSchedules(
  database: Database,
): Promise<{ readonly now: Date; readonly due: readonly ScheduleRow[] }> {
  const now = await readClock(database);
  return { now, due: await database.select().from(schedules).where(lte(schedules.nextAt, now)) };
}

/**
 * Takes one firing of a schedule and sets the next one, within the transaction that queues its run. False where another
 * server has taken it, or somebody has changed the schedule meanwhile.
 */
export async function takeFiring(
  transaction: Database,
  { id, nextAt }: Pick<ScheduleRow, 'id' | 'nextAt'>,
  next: { readonly at: Date },
): Promise<boolean> {
  if (nextAt === null) return false;
  const taken = await transaction
    .update(schedules)
    .set({ nextAt: next.at, lastAt: sql`now()` })
    .where(and(eq(schedules.id, id), eq(schedules.nextAt, nextAt)))
    .returning({ id: schedules.id });
  return taken.length > 0;
}

/** Notes which run a firing began. */
export async function recordFiring(
  transaction: Database,
  at: { readonly schedule: string; readonly run: string },
): Promise<void> {
  await transaction.update(schedules).set({ lastRunId: at.run }).where(eq(schedules.id, at.schedule));
}

function whereSchedule(at: ScheduleAddress) {
  return and(eq(schedules.workspaceId, at.workspace), eq(schedules.id, at.schedule));
}

function refuseUnknownSchedule(): never {
  throw new KumikiError({
    code: 'schedule-unknown',
    message: {
      en: 'There is no such schedule. It may have been deleted, with its flow perhaps; look at the list of schedules.',
      ja: '指定されたスケジュールはありません。フローと一緒に削除された可能性があります。スケジュールの一覧を確認してください。',
    },
    status: 404,
  });
}
