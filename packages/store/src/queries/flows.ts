import type { FlowDocument } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, exists, getTableColumns, ne, or, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { endpoints, flows, flowVersions } from '../schema/tables.ts';
import { formatTimeCursor, makePage, type Page, type PageOptions, pageLimit, parseTimeCursor } from './page.ts';

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
  const after = parseTimeCursor(options.cursor);
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
  return makePage(rows, options, formatTimeCursor);
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
 * Deletes a flow with its versions, builds and runs. Throws `flow-in-use` (409) while an endpoint serves it or another
 * flow names it, `flow-unknown`.
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
  const naming = await findNamingFlows(database, at);
  if (naming.length > 0) throw refuseNamed(naming);
  const deleted = await database.delete(flows).where(whereFlow(at)).returning({ id: flows.id });
  if (deleted.length === 0) refuseUnknownFlow();
}

/**
 * Names of the other flows of which a version or the draft has a node that names this one. Whatever its type, such a
 * node holds the flow's id in its setting `flow`.
 */
async function findNamingFlows(
  database: Database,
  at: { readonly workspace: string; readonly flow: string },
): Promise<readonly string[]> {
  const names = (document: typeof flows.document | typeof flowVersions.document) => sql`jsonb_path_exists(${document},
    '$.nodes.*.settings ? (@.flow == $flow)', jsonb_build_object('flow', ${at.flow}::text))`;
  const rows = await database
    .select({ name: flows.name })
    .from(flows)
    .where(
      and(
        eq(flows.workspaceId, at.workspace),
        ne(flows.id, at.flow),
        or(
          names(flows.document),
          exists(
            database
              .select({ one: sql`1` })
              .from(flowVersions)
              .where(and(eq(flowVersions.flowId, flows.id), names(flowVersions.document))),
          ),
        ),
      ),
    )
    .orderBy(flows.name);
  return rows.map(({ name }) => name);
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

function refuseNamed(names: readonly string[]): KumikiError {
  return new KumikiError({
    code: 'flow-in-use',
    message: {
      en: `The flow is used within ${names.map((name) => `“${name}”`).join(', ')}. Delete these flows first.`,
      ja: `このフローは${names.map((name) => `「${name}」`).join('')}の中で使われています。先にそれらのフローを削除してください。`,
    },
    status: 409,
  });
}
