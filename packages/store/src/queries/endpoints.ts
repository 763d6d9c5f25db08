import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, eq, inArray, max, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import type { EndpointRoute } from '../schema/access.ts';
import { builds, endpoints, flows } from '../schema/tables.ts';

export type EndpointRow = typeof endpoints.$inferSelect;
type EndpointAddress = { readonly workspace: string; readonly slug: string };
type EndpointContent = { readonly follow: boolean; readonly routes: readonly EndpointRoute[] };

/** One that follows begins at the newest builds of its versions. Throws `endpoint-exists` (409). */
export async function insertEndpoint(
  database: Database,
  endpoint: EndpointAddress & EndpointContent,
): Promise<EndpointRow> {
  const { workspace, slug, follow } = endpoint;
  try {
    return await database.transaction(async (transaction) => {
      const routes = await chooseRoutes(transaction, endpoint);
      const [row] = await transaction
        .insert(endpoints)
        .values({ id: createId(), workspaceId: workspace, slug, follow, routes })
        .returning();
      return row ?? refuseUnknownEndpoint(slug);
    });
  } catch (error) {
    if (findDatabaseCode(error) === '23505') throw refuseTakenSlug(slug);
    throw error;
  }
}

/** Throws `endpoint-unknown`. */
export async function readEndpoint(database: Database, at: EndpointAddress): Promise<EndpointRow> {
  const [row] = await database.select().from(endpoints).where(whereEndpoint(at));
  return row ?? refuseUnknownEndpoint(at.slug);
}

/** By slug. */
export function listEndpoints(database: Database, options: { readonly workspace: string }): Promise<EndpointRow[]> {
  return database
    .select()
    .from(endpoints)
    .where(eq(endpoints.workspaceId, options.workspace))
    .orderBy(asc(sql`${endpoints.slug} collate "C"`));
}

/** Throws `endpoint-unknown`. */
export function changeEndpoint(database: Database, endpoint: EndpointAddress & EndpointContent): Promise<EndpointRow> {
  return database.transaction(async (transaction) => {
    const routes = await chooseRoutes(transaction, endpoint);
    const [row] = await transaction
      .update(endpoints)
      .set({ follow: endpoint.follow, routes, updatedAt: sql`now()` })
      .where(whereEndpoint(endpoint))
      .returning();
    return row ?? refuseUnknownEndpoint(endpoint.slug);
  });
}

/**
 * The routes as they are, or, for an endpoint that follows, at the newest builds. The flows are locked as a build that is
 * being numbered locks its own: it either is seen here, or sees the endpoint afterwards.
 */
async function chooseRoutes(
  transaction: Database,
  { workspace, follow, routes }: EndpointAddress & EndpointContent,
): Promise<readonly EndpointRoute[]> {
  if (!follow) return cleanJson(routes);
  const ids = [...new Set(routes.map(({ flow }) => flow))].sort();
  const inFlows = and(eq(flows.workspaceId, workspace), inArray(flows.id, ids));
  await transaction.select({ id: flows.id }).from(flows).where(inFlows).orderBy(asc(flows.id)).for('update');
  const newest = await transaction
    .select({ flow: builds.flowId, version: builds.version, build: max(builds.number) })
    .from(builds)
    .where(and(eq(builds.workspaceId, workspace), inArray(builds.flowId, ids)))
    .groupBy(builds.flowId, builds.version);
  return cleanJson(
    routes.map((route) => {
      const found = newest.find(({ flow, version }) => flow === route.flow && version === route.version);
      return { ...route, build: found?.build ?? route.build };
    }),
  );
}

/** Throws `endpoint-unknown`. */
export async function deleteEndpoint(database: Database, at: EndpointAddress): Promise<void> {
  const deleted = await database.delete(endpoints).where(whereEndpoint(at)).returning({ id: endpoints.id });
  if (deleted.length === 0) refuseUnknownEndpoint(at.slug);
}

/** Points the routes of following endpoints to a new build of the version that they serve. */
export async function moveFollowingEndpoints(
  database: Database,
  build: { readonly workspace: string; readonly flow: string; readonly version: number; readonly build: number },
): Promise<void> {
  const served = JSON.stringify([{ flow: build.flow, version: build.version }]);
  await database
    .update(endpoints)
    .set({
      routes: sql`(
        select jsonb_agg(
          case when route @> ${JSON.stringify({ flow: build.flow, version: build.version })}::jsonb
            then route || ${JSON.stringify({ build: build.build })}::jsonb else route end
          order by place)
        from jsonb_array_elements(${endpoints.routes}) with ordinality as listed(route, place))`,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(endpoints.workspaceId, build.workspace),
        eq(endpoints.follow, true),
        sql`${endpoints.routes} @> ${served}::jsonb`,
      ),
    );
}

function whereEndpoint(at: EndpointAddress) {
  return and(eq(endpoints.workspaceId, at.workspace), eq(endpoints.slug, at.slug));
}

function refuseUnknownEndpoint(slug: string): never {
  throw new KumikiError({
    code: 'endpoint-unknown',
    message: {
      en: `There is no endpoint “${slug}”. Publish it, or look at the list of endpoints.`,
      ja: `「${slug}」というエンドポイントはありません。公開するか、エンドポイントの一覧を確認してください。`,
    },
    status: 404,
  });
}

function refuseTakenSlug(slug: string): KumikiError {
  return new KumikiError({
    code: 'endpoint-exists',
    message: {
      en: `There is an endpoint “${slug}” already. Choose another address, or change that one.`,
      ja: `「${slug}」というエンドポイントはすでにあります。別のアドレスにするか、既存のものを変更してください。`,
    },
    status: 409,
  });
}
