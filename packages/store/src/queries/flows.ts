import type { FlowDocument } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { endpoints, flows } from '../schema/tables.ts';
import { makePage, type Page, type PageOptions, pageLimit, refuseCursor } from './page.ts';

export type FlowRow = typeof flows.$inferSelect;
/** Without the document. */
export type FlowSummary = Omit<FlowRow, 'document'>;

const { document: _, ...summaryColumns } = getTableColumns(flows);

export async function insertFlow(
  database: Database,
  flow: { readonly workspace: string; readonly document: FlowDocument },
): Promise<FlowRow> {
  const document = cleanJson(flow.document);
  const [row] = await database
    .insert(flows)
    .values({ id: createId(), workspaceId: flow.workspace, name: document.name, document })
    .returning();
  return row ?? refuseUnknownFlow();
}

/** Throws `flow-unknown`. */
export async function readFlow(
  database: Database,
  at: { readonly workspace: string; readonly flow: string },
): Promise<FlowRow> {
  const [row] = await database.select().from(flows).where(whereFlow(at));
  return row ?? refuseUnknownFlow();
}

/** Newest change first. */
export async function listFlows(
  database: Database,
  options: PageOptions & { readonly workspace: string },
): Promise<Page<FlowSummary>> {
  const after = parseCursor(options.cursor);
  const rows = await database
    .select(summaryColumns)
    .from(flows)
    .where(
      and(
        eq(flows.workspaceId, options.workspace),
        after && sql`(${flows.updatedAt}, ${flows.id}) < (${after.time}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(flows.updatedAt), desc(flows.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (flow) => `${flow.updatedAt.toISOString()}_${flow.id}`);
}

/** Saves the draft over the revision that was read. Throws `revision-stale` (412), `flow-unknown`. */
export async function saveFlow(
  database: Database,
  save: {
    readonly workspace: string;
    readonly flow: string;
    readonly revision: number;
    readonly document: FlowDocument;
  },
): Promise<FlowSummary> {
  const document = cleanJson(save.document);
  const [row] = await database
    .update(flows)
    .set({ document, name: document.name, revision: sql`${flows.revision} + 1`, updatedAt: sql`now()` })
    .where(and(whereFlow(save), eq(flows.revision, save.revision)))
    .returning(summaryColumns);
  if (row !== undefined) return row;
  const current = await readFlow(database, save);
  throw refuseStale(current.revision, save.revision);
}

/**
 * Deletes a flow with its versions, builds and runs. Throws `flow-in-use` (409) while an endpoint serves it,
 * `flow-unknown`.
 */
export async function deleteFlow(
  database: Database,
  at: { readonly workspace: string; readonly flow: string },
): Promise<void> {
  const serving = await database
    .select({ slug: endpoints.slug })
    .from(endpoints)
    .where(
      and(
        eq(endpoints.workspaceId, at.workspace),
        sql`${endpoints.routes} @> ${JSON.stringify([{ flow: at.flow }])}::jsonb`,
      ),
    );
  if (serving.length > 0) throw refuseInUse(serving.map((endpoint) => endpoint.slug));
  const deleted = await database.delete(flows).where(whereFlow(at)).returning({ id: flows.id });
  if (deleted.length === 0) refuseUnknownFlow();
}

function parseCursor(cursor: string | undefined): { readonly time: string; readonly id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, time, id] = /^([\d-]{10}T[\d:.]{12}Z)_([\da-f-]{36})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined) throw refuseCursor();
  return { time, id };
}

function whereFlow(at: { readonly workspace: string; readonly flow: string }) {
  return and(eq(flows.workspaceId, at.workspace), eq(flows.id, at.flow));
}

export function refuseUnknownFlow(): never {
  throw new KumikiError({
    code: 'flow-unknown',
    message: {
      en: 'There is no such flow. It may have been deleted; look at the list of flows.',
      ja: '指定されたフローはありません。削除された可能性があります。フローの一覧を確認してください。',
    },
    status: 404,
  });
}

function refuseStale(current: number, sent: number): KumikiError {
  return new KumikiError({
    code: 'revision-stale',
    message: {
      en: `The flow has been saved elsewhere in the meantime: it is at revision ${current}, and this save is based on revision ${sent}. Load it again and redo the change.`,
      ja: `このフローはほかの場所で先に保存されました（現在は改訂 ${current}、この保存は改訂 ${sent} が元です）。読み込み直してから変更をやり直してください。`,
    },
    status: 412,
  });
}

function refuseInUse(slugs: readonly string[]): KumikiError {
  return new KumikiError({
    code: 'flow-in-use',
    message: {
      en: `The flow is served by ${slugs.join(', ')}. Delete these endpoints or point them elsewhere first.`,
      ja: `このフローはエンドポイント ${slugs.join('、')} で公開中です。先にエンドポイントを削除するか、公開先を変更してください。`,
    },
    status: 409,
  });
}
