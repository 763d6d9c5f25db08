import type { JsonValue } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, lt, max } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { builds, flows } from '../schema/tables.ts';
import { moveFollowingEndpoints } from './endpoints.ts';
import { findHashes } from './find-hashes.ts';
import { refuseUnknownFlow } from './flows.ts';
import { makePage, type Page, type PageOptions, pageLimit, parseNumberCursor } from './page.ts';

export type BuildRow = typeof builds.$inferSelect;

/**
 * Numbers a build that has succeeded, and moves the endpoints that follow its version: both or neither.
 * Call it within the transaction that ends the run. Throws `flow-unknown`.
 */
export function insertBuild(
  database: Database,
  build: {
    readonly workspace: string;
    readonly flow: string;
    readonly version: number;
    readonly run: string | null;
    readonly nodes: Readonly<Record<string, JsonValue>>;
    readonly fingerprints: readonly string[];
    readonly models: JsonValue;
  },
): Promise<BuildRow> {
  return database.transaction(async (transaction) => {
    const [flow] = await transaction
      .select({ id: flows.id })
      .from(flows)
      .where(and(eq(flows.workspaceId, build.workspace), eq(flows.id, build.flow)))
      .for('update');
    if (flow === undefined) return refuseUnknownFlow();
    const [last] = await transaction
      .select({ number: max(builds.number) })
      .from(builds)
      .where(eq(builds.flowId, flow.id));
    const [row] = await transaction
      .insert(builds)
      .values({
        id: createId(),
        workspaceId: build.workspace,
        flowId: flow.id,
        number: (last?.number ?? 0) + 1,
        version: build.version,
        runId: build.run,
        nodes: cleanJson(build.nodes),
        hashes: findHashes(build.nodes),
        fingerprints: [...build.fingerprints],
        models: cleanJson(build.models),
      })
      .returning();
    if (row === undefined) return refuseUnknownBuild();
    await moveFollowingEndpoints(transaction, {
      workspace: build.workspace,
      flow: flow.id,
      version: build.version,
      build: row.number,
    });
    return row;
  });
}

/** Throws `build-unknown`. */
export async function readBuild(
  database: Database,
  at: { readonly workspace: string; readonly flow: string; readonly build: number },
): Promise<BuildRow> {
  const [row] = await database
    .select()
    .from(builds)
    .where(and(eq(builds.workspaceId, at.workspace), eq(builds.flowId, at.flow), eq(builds.number, at.build)));
  return row ?? refuseUnknownBuild();
}

/** The newest build of a version, or of the flow; null where there is none. */
export async function findNewestBuild(
  database: Database,
  at: { readonly workspace: string; readonly flow: string; readonly version?: number },
): Promise<BuildRow | null> {
  const [row] = await database
    .select()
    .from(builds)
    .where(
      and(
        eq(builds.workspaceId, at.workspace),
        eq(builds.flowId, at.flow),
        at.version === undefined ? undefined : eq(builds.version, at.version),
      ),
    )
    .orderBy(desc(builds.number))
    .limit(1);
  return row ?? null;
}

/** Newest first. */
export async function listBuilds(
  database: Database,
  options: PageOptions & {
    readonly workspace: string;
    readonly flow: string;
    readonly version?: number | undefined;
  },
): Promise<Page<BuildRow>> {
  const before = parseNumberCursor(options.cursor);
  const rows = await database
    .select()
    .from(builds)
    .where(
      and(
        eq(builds.workspaceId, options.workspace),
        eq(builds.flowId, options.flow),
        options.version === undefined ? undefined : eq(builds.version, options.version),
        before === undefined ? undefined : lt(builds.number, before),
      ),
    )
    .orderBy(desc(builds.number))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, (build) => String(build.number));
}

function refuseUnknownBuild(): never {
  throw new KumikiError({
    code: 'build-unknown',
    message: {
      en: 'The flow has no such build. Look at its list of builds, or build the flow first.',
      ja: '指定された構築は、このフローにありません。構築の一覧を確認するか、先に構築してください。',
    },
    status: 404,
  });
}
