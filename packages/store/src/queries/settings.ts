import type { JsonValue } from '@kumiki/flow';
import { and, eq, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
import { settings } from '../schema/tables.ts';

type SettingAddress = { readonly workspace: string; readonly name: string };

/** Null where it was never set. The reader parses it: settings outlive versions. */
export async function readSetting(database: Database, at: SettingAddress): Promise<unknown> {
  const [row] = await database.select({ value: settings.value }).from(settings).where(whereSetting(at));
  return row?.value ?? null;
}

export async function putSetting(
  database: Database,
  setting: SettingAddress & { readonly value: JsonValue },
): Promise<void> {
  const value = cleanJson(setting.value);
  await database
    .insert(settings)
    .values({ workspaceId: setting.workspace, name: setting.name, value })
    .onConflictDoUpdate({ target: [settings.workspaceId, settings.name], set: { value, updatedAt: sql`now()` } });
}

function whereSetting(at: SettingAddress) {
  return and(eq(settings.workspaceId, at.workspace), eq(settings.name, at.name));
}
