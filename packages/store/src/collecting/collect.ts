import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { type Purged, purgeWhere } from '../search/purge-documents.ts';
import {
  type CollectScope,
  collectedPrefix,
  findUnheld,
  isUnnamedArtifact,
  isUnneededVector,
  isUnseenDocument,
} from './collectable.ts';

/** How much of each kind would go, or went. */
export type Collected = {
  readonly artifacts: number;
  /** Whole indexes that nothing names. */
  readonly indexes: number;
  /** Generations of indexes that stay. */
  readonly generations: number;
  /** Of generations and of whole indexes: what no generation that stays shows. */
  readonly documents: number;
  readonly chunks: number;
  /** Cached ones. */
  readonly vectors: number;
};

const rowsPerStatement = 5_000;

/** What `collect` would take away now. Changes nothing. */
export async function countCollectable(database: Database, scope: CollectScope): Promise<Collected> {
  const [row] = await selectRows<Collected>(
    database,
    sql`
      with ${findUnheld(scope)},
      gone as (
        select chunks from index_documents
        where lineage_id in (select id from unnamed) or (
          workspace_id = ${scope.workspace} and ${isUnseenDocument(sql`select lineage_id, number from superseded`)}))
      select
        (select count(*) from artifacts where ${isUnnamedArtifact(scope)})::float8 as artifacts,
        (select count(*) from unnamed)::float8 as indexes, (select count(*) from superseded)::float8 as generations,
        (select count(*) from gone)::float8 as documents, (select coalesce(sum(chunks), 0) from gone)::float8 as chunks,
        (select count(*) from embedding_cache where ${isUnneededVector(scope)})::float8 as vectors`,
  );
  if (row === undefined) throw new Error('a count gave no row back');
  return row;
}

/**
 * Takes away what no build names: artifacts, generations of indexes with the rows that only they showed, whole indexes,
 * and cached vectors of models that no index is made with. In short transactions, each of which looks again; so it may
 * be interrupted anywhere, run twice at once, and run beside builds.
 */
export async function collect(database: Database, scope: CollectScope, signal: AbortSignal): Promise<Collected> {
  const artifacts = await selectRows(
    database,
    sql`delete from artifacts where ${isUnnamedArtifact(scope)} returning 1 as gone`,
  );
  const unnamed = await giveUpLineages(database, scope);
  const generations = await deleteGenerations(database, scope);
  const unseen = await purgeUnseen(database, scope, signal);
  const whole = await clearLineages(database, scope, signal);
  const vectors = await deleteSlices(
    database,
    sql`
      delete from embedding_cache where ctid = any(array(
        select ctid from embedding_cache where ${isUnneededVector(scope)} limit ${rowsPerStatement}))
      returning 1 as gone`,
    signal,
  );
  return {
    artifacts: artifacts.length,
    indexes: unnamed,
    generations,
    documents: unseen.documents + whole.documents,
    chunks: unseen.chunks + whole.chunks,
    vectors,
  };
}

/** Takes lineages out of everybody's sight; a build that comes for one makes it anew. */
async function giveUpLineages(database: Database, scope: CollectScope): Promise<number> {
  return database.transaction(async (transaction) => {
    // Held before it is decided: a build that opens one of them either has marked it as used, or comes after this.
    await transaction.execute(sql`
      select id from index_lineages where workspace_id = ${scope.workspace} order by id for update`);
    const rows = await selectRows(
      transaction,
      sql`
        with ${findUnheld(scope)}
        update index_lineages set lineage = ${collectedPrefix} || id where id in (select id from unnamed)
        returning id`,
    );
    return rows.length;
  });
}

async function deleteGenerations(database: Database, scope: CollectScope): Promise<number> {
  return database.transaction(async (transaction) => {
    await transaction.execute(sql`
      select id from index_lineages where workspace_id = ${scope.workspace} order by id for update`);
    const rows = await selectRows(
      transaction,
      sql`
        with ${findUnheld(scope)},
        failures as (
          delete from index_failures using superseded
          where index_failures.lineage_id = superseded.lineage_id and generation = superseded.number)
        delete from index_generations using superseded
        where index_generations.lineage_id = superseded.lineage_id and index_generations.number = superseded.number
        returning 1 as gone`,
    );
    return rows.length;
  });
}

/** Documents that no generation shows any more. An index that a build has open waits for the next collection. */
async function purgeUnseen(database: Database, { workspace }: CollectScope, signal: AbortSignal): Promise<Purged> {
  const isUnseen = isUnseenDocument(sql`select null::int, null::int where false`);
  const lineages = await selectRows<{ id: number; tokeniser: number }>(
    database,
    sql`
      select id, tokeniser from index_lineages
      where workspace_id = ${workspace} and not starts_with(lineage, ${collectedPrefix}) and exists (
        select from index_documents where lineage_id = index_lineages.id and ${isUnseen})
      order by id`,
  );
  const all = { documents: 0, chunks: 0 };
  for (const lineage of lineages) {
    const isOpen = sql`
      exists (select from index_generations open where open.lineage_id = ${lineage.id} and open.state = 'open')`;
    const hold = async (transaction: Database) => {
      await transaction.execute(sql`select id from index_lineages where id = ${lineage.id} for update`);
      return true;
    };
    const purged = await purgeWhere(database, lineage, { which: sql`${isUnseen} and not ${isOpen}`, hold }, signal);
    all.documents += purged.documents;
    all.chunks += purged.chunks;
  }
  return all;
}

/** Of lineages that were given up, now or by a collection that was interrupted. */
async function clearLineages(database: Database, { workspace }: CollectScope, signal: AbortSignal): Promise<Purged> {
  const lineages = await selectRows<{ id: number }>(
    database,
    sql`select id from index_lineages where workspace_id = ${workspace} and starts_with(lineage, ${collectedPrefix})`,
  );
  let [documents, chunks] = [0, 0];
  for (const { id } of lineages) {
    const deleteRows = (table: ReturnType<typeof sql>) =>
      deleteSlices(
        database,
        sql`
          delete from ${table} where lineage_id = ${id} and chunk_id in (
            select chunk_id from ${table} where lineage_id = ${id} order by chunk_id limit ${rowsPerStatement})
          returning 1 as gone`,
        signal,
      );
    await deleteRows(sql`index_vectors`);
    chunks += await deleteRows(sql`index_chunks`);
    const segment = sql`
      delete from lexical_segments where id in (select id from lexical_segments where lineage_id = ${id} limit 1)
      returning 1 as gone`;
    await deleteSlices(database, segment, signal);
    documents += (
      await selectRows(database, sql`delete from index_documents where lineage_id = ${id} returning 1 as gone`)
    ).length;
    await database.execute(sql`delete from index_lineages where id = ${id}`);
  }
  return { documents, chunks };
}

/** Repeats a statement that deletes some rows until it finds none. Gives how many went. */
async function deleteSlices(
  database: Database,
  statement: ReturnType<typeof sql>,
  signal: AbortSignal,
): Promise<number> {
  let gone = 0;
  for (;;) {
    signal.throwIfAborted();
    const rows = await selectRows(database, statement);
    if (rows.length === 0) return gone;
    gone += rows.length;
  }
}
