import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { builds, flows, flowVersions } from '../schema/tables.ts';

/** What a list of flows shows beside each: numbers of its newest version and build, and of the draft's nodes. */
export type FlowFacts = {
  readonly latestVersion: number | null;
  readonly latestBuild: number | null;
  readonly nodes: number;
};

/** By flow id. Ids come from a query that has looked at the workspace. */
export async function findFlowFacts(
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FlowFacts>> {
  if (ids.length === 0) return new Map();
  // The table is named by hand: a column of a query on one table is written without it, and `builds` has an id, too.
  const rows = await database
    .select({
      id: flows.id,
      latestVersion: sql<
        number | null
      >`(select max(${flowVersions.number}) from ${flowVersions} where ${flowVersions.flowId} = ${flows}.id)`,
      latestBuild: sql<
        number | null
      >`(select max(${builds.number}) from ${builds} where ${builds.flowId} = ${flows}.id)`,
      nodes: sql<number>`(select count(*)::int from jsonb_object_keys(${flows.document} -> 'nodes'))`,
    })
    .from(flows)
    .where(inArray(flows.id, [...ids]));
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
