import {
  changeSchedule,
  deleteSchedule,
  insertSchedule,
  listSchedules,
  readClock,
  readFlow,
  readVersion,
  type ScheduleRow,
} from '@kumiki/store';
import * as contract from '../contract/schedules.ts';
import type { App } from '../http/environment.ts';
import { findNextTime } from '../runs/next-time.ts';
import type { Workbench } from '../workbench.ts';

export function addScheduleRoutes(app: App, { store: { database } }: Workbench): void {
  app.openapi(contract.listSchedules, async (context) => {
    const { workspace } = context.get('caller');
    const rows = await listSchedules(database, { workspace, ...context.req.valid('query') });
    return context.json({ items: rows.map(describeSchedule) }, 200);
  });

  app.openapi(contract.createSchedule, async (context) => {
    const { workspace } = context.get('caller');
    const { enabled, flow, ...content } = context.req.valid('json');
    await readFlow(database, { workspace, flow });
    if (content.version !== null) await readVersion(database, { workspace, flow, version: content.version });
    const next = findNextTime(content, await readClock(database));
    const row = await insertSchedule(database, { workspace, flow, ...content, nextAt: enabled ? next : null });
    return context.json(describeSchedule(row), 201);
  });

  app.openapi(contract.changeSchedule, async (context) => {
    const { workspace } = context.get('caller');
    const { enabled, ...content } = context.req.valid('json');
    const next = findNextTime(content, await readClock(database));
    const at = { workspace, schedule: context.req.valid('param').id };
    const row = await changeSchedule(database, { ...at, ...content, nextAt: enabled ? next : null });
    return context.json(describeSchedule(row), 200);
  });

  app.openapi(contract.deleteSchedule, async (context) => {
    const { workspace } = context.get('caller');
    await deleteSchedule(database, { workspace, schedule: context.req.valid('param').id });
    return context.body(null, 204);
  });
}

function describeSchedule(row: ScheduleRow) {
  return {
    id: row.id,
    flow: row.flowId,
    version: row.version,
    cron: row.cron,
    timeZone: row.timeZone,
    enabled: row.nextAt !== null,
    nextAt: row.nextAt?.toISOString() ?? null,
    lastAt: row.lastAt?.toISOString() ?? null,
    lastRun: row.lastRunId,
  };
}
