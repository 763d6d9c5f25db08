import { KumikiError } from '@kumiki/node-sdk';
import { and, asc, eq, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import type { EndpointRoute } from '../schema/access.ts';
import { endpoints } from '../schema/tables.ts';

export type EndpointRow = typeof endpoints.$inferSelect;
type EndpointAddress = { readonly workspace: string; readonly slug: string };
type EndpointContent = { readonly follow: boolean; readonly routes: readonly EndpointRoute[] };

/** Throws `endpoint-exists` (409). */
export async function insertEndpoint(
  database: Database,
  endpoint: EndpointAddress & EndpointContent,
): Promise<EndpointRow> {
  const { workspace, slug, follow, routes } = endpoint;
  try {
    const [row] = await database
      .insert(endpoints)
      .values({ id: createId(), workspaceId: workspace, slug, follow, routes: cleanJson(routes) })
      .returning();
    return row ?? refuseUnknownEndpoint(slug);
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
export async function changeEndpoint(
  database: Database,
  endpoint: EndpointAddress & EndpointContent,
): Promise<EndpointRow> {
  const [row] = await database
    .update(endpoints)
    .set({ follow: endpoint.follow, routes: cleanJson(endpoint.routes), updatedAt: sql`now()` })
    .where(whereEndpoint(endpoint))
    .returning();
  return row ?? refuseUnknownEndpoint(endpoint.slug);
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
