import { type SQL, sql } from 'drizzle-orm';
import { useMinutes } from '../queries/artifacts.ts';

export type CollectScope = {
  readonly workspace: string;
  /** What was used within so many hours stays, whether or not anybody names it. */
  readonly graceHours: number;
};

/**
 * What was last used before this moment may go: longer ago than the grace, and before the oldest run that is under way
 * began. Such a run has marked all that it found as used, so nothing that it may yet name is taken away under it.
 */
export function cutoff({ workspace, graceHours }: CollectScope): SQL {
  return sql`least(
    now() - make_interval(secs => ${graceHours * 3600}),
    (select min(coalesce(started_at, created_at)) - make_interval(mins => ${useMinutes}) from runs
      where workspace_id = ${workspace} and state = 'running'))`;
}

/** Of a row of `artifacts`: no build names it, and nobody has used it lately. */
export function isUnnamedArtifact(scope: CollectScope): SQL {
  return sql`
    artifacts.workspace_id = ${scope.workspace} and artifacts.used_at < ${cutoff(scope)}
    and not exists (select from builds where builds.fingerprints @> array[artifacts.fingerprint])`;
}

/**
 * Names of indexes and numbers of their generations that something holds: the values of builds, which keep theirs also
 * where an artifact was redacted and made anew, and artifacts that stay.
 */
function pins(scope: CollectScope): SQL {
  const isIndex = sql`'strict $.** ? (exists (@.lineage) && exists (@.generation))'`;
  return sql`
    select distinct value ->> 'lineage' as lineage, (value ->> 'generation')::numeric as generation
    from (
      select jsonb_path_query(nodes, ${isIndex}) as value from builds where workspace_id = ${scope.workspace}
      union all
      select jsonb_path_query(outputs, ${isIndex}) from artifacts
      where artifacts.workspace_id = ${scope.workspace} and not (${isUnnamedArtifact(scope)})) held
    where jsonb_typeof(value -> 'generation') = 'number'`;
}

/**
 * The first part of a `with`: `unnamed` are the ids of lineages that nothing holds, and `superseded` are generations of
 * other lineages that nothing holds and that are not the newest, which the next build goes on from. A lineage that a
 * build has open stays as it is; one that was left open by a build that died, and that nobody opened since, may go.
 */
export function findUnheld(scope: CollectScope): SQL {
  return sql`
    pins as materialized (${pins(scope)}),
    unnamed as materialized (
      select id from index_lineages lineage
      where workspace_id = ${scope.workspace} and used_at < ${cutoff(scope)} and not starts_with(lineage, ${collectedPrefix})
        and not exists (select from pins where pins.lineage = lineage.lineage)
        and not exists (
          select from index_generations where lineage_id = lineage.id and closed_at >= ${cutoff(scope)})),
    superseded as materialized (
      select generation.lineage_id, generation.number
      from index_generations generation join index_lineages lineage on lineage.id = generation.lineage_id
      where lineage.workspace_id = ${scope.workspace} and generation.state = 'visible'
        and generation.closed_at < ${cutoff(scope)}
        and lineage.id not in (select id from unnamed) and not starts_with(lineage.lineage, ${collectedPrefix})
        and not exists (
          select from pins where pins.lineage = lineage.lineage and pins.generation = generation.number)
        and not exists (
          select from index_generations open where open.lineage_id = lineage.id and open.state = 'open')
        and exists (
          select from index_generations later where later.lineage_id = lineage.id and later.state = 'visible'
            and later.number > generation.number))`;
}

/** What a lineage is called once it is given up, until all of its rows are gone: no build finds it by that name. */
export const collectedPrefix = 'collected:';

/** Of a row of `index_documents`: no generation that stays shows it. Rows of an open generation count as shown. */
export function isUnseenDocument(goneGenerations: SQL): SQL {
  return sql`
    index_documents.removed_generation is not null
    and not exists (
      select from index_generations seen
      where seen.lineage_id = index_documents.lineage_id and seen.number >= index_documents.added_generation
        and (seen.number < index_documents.removed_generation or seen.state = 'open')
        and (seen.lineage_id, seen.number) not in (${goneGenerations}))`;
}

/** Of a row of `embedding_cache`: no index is made with its model any more. */
export function isUnneededVector(scope: CollectScope): SQL {
  return sql`
    embedding_cache.workspace_id = ${scope.workspace} and embedding_cache.created_at < ${cutoff(scope)}
    and embedding_cache.model not in (
      select embedding_model ->> 'digest' from index_lineages
      where workspace_id = ${scope.workspace} and embedding_model ->> 'digest' is not null)`;
}
