import type { FlowDocument } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, getTableColumns, lt, max, or, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
import { flows, flowVersions } from '../schema/tables.ts';
import { refuseUnknownFlow } from './flows.ts';
import { makePage, type Page, type PageOptions, pageLimit, parseNumberCursor } from './page.ts';

export type VersionRow = typeof flowVersions.$inferSelect;
export type VersionSummary = Omit<VersionRow, 'document'> & { readonly nodes: number };

const { document: _, ...plainColumns } = getTableColumns(flowVersions);

const summaryColumns = {
  ...plainColumns,
  nodes: sql<number>`(select count(*)::int from jsonb_object_keys(${flowVersions.document} -> 'nodes'))`,
};

/**
 * Freezes a document as the next version; one that was frozen before, by its hash, keeps its number.
 * Throws `flow-unknown`.
 */
export function freezeVersion(
  database: Database,
  options: {
    readonly workspace: string;
    readonly flow: string;
    readonly document: FlowDocument;
    readonly documentHash: string;
  },
): Promise<{ readonly version: VersionSummary; readonly created: boolean }> {
  return database.transaction(async (transaction) => {
    // The flow's row is the lock under which its versions are numbered.
    const [flow] = await transaction
      .select({ id: flows.id })
      .from(flows)
      .where(and(eq(flows.workspaceId, options.workspace), eq(flows.id, options.flow)))
      .for('update');
    if (flow === undefined) return refuseUnknownFlow();
    const [known] = await transaction
      .select(summaryColumns)
      .from(flowVersions)
      .where(and(eq(flowVersions.flowId, flow.id), eq(flowVersions.documentHash, options.documentHash)));
    if (known !== undefined) return { version: known, created: false };
    const [last] = await transaction
      .select({ number: max(flowVersions.number) })
      .from(flowVersions)
      .where(eq(flowVersions.flowId, flow.id));
    const [version] = await transaction
      .insert(flowVersions)
      .values({
        workspaceId: options.workspace,
        flowId: flow.id,
        number: (last?.number ?? 0) + 1,
        document: cleanJson(options.document),
        documentHash: options.documentHash,
      })
      .returning(summaryColumns);
    return { version: version ?? refuseUnknownVersion(), created: true };
  });
}

/** Throws `version-unknown`. */
export async function readVersion(
  database: Database,
  at: { readonly workspace: string; readonly flow: string; readonly version: number },
): Promise<VersionRow> {
  const [row] = await database
    .select()
    .from(flowVersions)
    .where(
      and(
        eq(flowVersions.workspaceId, at.workspace),
        eq(flowVersions.flowId, at.flow),
        eq(flowVersions.number, at.version),
      ),
    );
  return row ?? refuseUnknownVersion();
}

const uuidPattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Documents of versions of any flows of the workspace. What is not there is left out, and so is what is no id. */
export async function findVersionDocuments(
  database: Database,
  at: {
    readonly workspace: string;
    readonly references: readonly { readonly flow: string; readonly version: number }[];
  },
): Promise<readonly { readonly flow: string; readonly version: number; readonly document: FlowDocument }[]> {
  const possible = at.references.filter(({ flow }) => uuidPattern.test(flow));
  if (possible.length === 0) return [];
  return await database
    .select({ flow: flowVersions.flowId, version: flowVersions.number, document: flowVersions.document })
    .from(flowVersions)
    .where(
      and(
        eq(flowVersions.workspaceId, at.workspace),
        or(
          ...possible.map(({ flow, version }) => and(eq(flowVersions.flowId, flow), eq(flowVersions.number, version))),
        ),
      ),
    );
}

/** Newest first. */
export async function listVersions(
  database: Database,
  options: PageOptions & { readonly workspace: string; readonly flow: string },
): Promise<Page<VersionSummary>> {
  const before = parseNumberCursor(options.cursor);
  const rows = await database
    .select(summaryColumns)
    .from(flowVersions)
    .where(
      and(
        eq(flowVersions.workspaceId, options.workspace),
        eq(flowVersions.flowId, options.flow),
        before === undefined ? undefined : lt(flowVersions.number, before),
      ),
    )
    .orderBy(desc(flowVersions.number))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (version) => String(version.number));
}

function refuseUnknownVersion(): never {
  throw new KumikiError({
    code: 'version-unknown',
    message: {
      en: 'The flow has no such version. Look at its list of versions.',
      ja: '指定された版は、このフローにありません。版の一覧を確認してください。',
    },
    status: 404,
  });
}
