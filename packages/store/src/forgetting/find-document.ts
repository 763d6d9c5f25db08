import { type SQL, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import type { DocumentTarget } from '../schema/forgettings.ts';

/** How a document is asked for: as a file of a collection (by the collection's id or name), or by its content. */
export type DocumentName = { readonly collection: string; readonly name: string } | { readonly sha256: string };

/** Shorter ones stand in many documents; more of them would make a search through many runs take too long. */
const shortestSentence = 8;
const mostSentences = 2_000;
/** Where a sentence ends, as far as it matters for finding it again. */
const sentenceEnds = /[\n。．！？!?]|\. /u;

/** Everything that a document is, wherever it lies. Empty where nothing of it is there. */
export async function findDocument(
  database: Database,
  { workspace, document }: { readonly workspace: string; readonly document: DocumentName },
): Promise<DocumentTarget> {
  const named = await findNamed(database, workspace, document);
  const documents = await findInIndexes(database, workspace, named);
  const known = [...new Set([...named.contentHashes, ...documents.map(({ contentHash }) => contentHash)])];
  // One that could never be read is in no index, but may have left its name there.
  const places = [...named.earlier, ...documents.map(({ lineage, id }) => ({ lineage, id }))];
  const distinctPlaces = [...new Map(places.map((place) => [`${place.lineage} ${place.id}`, place])).values()];
  const loaded = await findLoading(database, workspace, known, document);
  const made = await findInArtifacts(database, { workspace, contentHashes: known, loaded });
  const contentHashes = [...new Set([...known, ...made.map(({ contentHash }) => contentHash)])];
  const ids = [...new Set([...places, ...loaded, ...made].map(({ id }) => id))];
  const flows = await findReadingFlows(
    database,
    workspace,
    places.map(({ lineage }) => lineage),
  );
  return {
    kind: 'document',
    contentHashes,
    documents: distinctPlaces,
    flows: [...new Set([...flows, ...[...loaded, ...made].flatMap(({ flow }) => flow ?? [])])],
    ids,
    quotes: [
      ...new Set([...ids, ...loaded.map(({ name }) => name)].map((id) => JSON.stringify(id))),
      ...(await findSentences(
        database,
        documents.map(({ row }) => row),
      )),
    ],
  };
}

type Named = {
  readonly contentHashes: readonly string[];
  /** Where flows load the file from the collection: what indexes call it, also where they hold an earlier content. */
  readonly earlier: readonly { readonly lineage: number; readonly id: string }[];
};

async function findNamed(database: Database, workspace: string, document: DocumentName): Promise<Named> {
  if ('sha256' in document) return { contentHashes: [document.sha256], earlier: [] };
  const { collection, name } = document;
  const files = await selectRows<{ sha256: string }>(
    database,
    sql`
      select file.sha256 from collection_files file join collections collection on collection.id = file.collection_id
      where file.workspace_id = ${workspace} and file.name = ${name}
        and ${collection} in (collection.name, collection.id::text)`,
  );
  const earlier = await selectRows<{ lineage: number; id: string }>(
    database,
    sql`
      select distinct lineage.id as lineage, load.node || '/' || ${name} as id
      from (${loadingNodes(workspace, sql`select name, id from collections where workspace_id = ${workspace} and ${collection} in (name, id::text)`)}) load
      join builds build on build.flow_id = load.flow and build.version = load.version
      cross join jsonb_path_query(build.nodes, 'strict $.** ? (exists (@.lineage) && exists (@.generation))') held(value)
      join index_lineages lineage on lineage.workspace_id = ${workspace} and lineage.lineage = held.value ->> 'lineage'`,
  );
  return { contentHashes: files.map(({ sha256 }) => sha256), earlier };
}

type IndexedRow = { readonly row: number; readonly lineage: number; readonly id: string; readonly contentHash: string };

/** Every row of the documents that hold one of these contents now or held it once. */
function findInIndexes(database: Database, workspace: string, named: Named): Promise<readonly IndexedRow[]> {
  return selectRows<IndexedRow>(
    database,
    sql`
      with place as (
        select lineage_id, document_id from index_documents
        where workspace_id = ${workspace} and content_hash = any(${sql.param(named.contentHashes)}::text[])
        union
        select * from unnest(
          ${sql.param(named.earlier.map(({ lineage }) => lineage))}::int[],
          ${sql.param(named.earlier.map(({ id }) => id))}::text[]))
      select document.id::float8 as row, document.lineage_id as lineage, document.document_id as id,
        document.content_hash as "contentHash"
      from index_documents document join place using (lineage_id, document_id)
      order by document.id`,
  );
}

/** Nodes of flows that load the file, whether or not anything was built of it. */
function findLoading(
  database: Database,
  workspace: string,
  contentHashes: readonly string[],
  document: DocumentName,
): Promise<readonly { flow: string; id: string; name: string }[]> {
  const hashes = sql.param(contentHashes);
  const isAsked =
    'sha256' in document
      ? sql`false`
      : sql`file.name = ${document.name} and ${document.collection} in (collection.name, collection.id::text)`;
  const members = sql`
    select collection.name as collection, collection.id as collection_id, file.name
    from collection_files file join collections collection on collection.id = file.collection_id
    where file.workspace_id = ${workspace} and (file.sha256 = any(${hashes}::text[]) or (${isAsked}))`;
  return selectRows(
    database,
    sql`
      with members as (${members})
      select distinct load.flow, load.node || '/' || members.name as id, members.name
      from (${loadingNodes(workspace, sql`select collection, collection_id from members`)}) load
      join members on load.collection in (members.collection, members.collection_id::text)`,
  );
}

/**
 * What artifacts were made of that holds one of these contents, or that stood in the same place in a flow that loads it:
 * an earlier content of the file. Data sets are known by nothing else, since no index holds them.
 */
function findInArtifacts(
  database: Database,
  options: {
    readonly workspace: string;
    readonly contentHashes: readonly string[];
    readonly loaded: readonly { readonly flow: string; readonly id: string }[];
  },
): Promise<readonly { id: string; contentHash: string; flow: string | null }[]> {
  const { workspace, contentHashes, loaded } = options;
  return selectRows(
    database,
    sql`
      select distinct content ->> 'id' as id, content ->> 'contentHash' as "contentHash", build.flow_id as flow
      from artifacts artifact cross join jsonb_array_elements(artifact.contents) content
      left join builds build on build.workspace_id = artifact.workspace_id
        and build.fingerprints @> array[artifact.fingerprint]
      where artifact.workspace_id = ${workspace} and (
        content ->> 'contentHash' = any(${sql.param(contentHashes)}::text[])
        or (build.flow_id, content ->> 'id') in (select * from unnest(
          ${sql.param(loaded.map(({ flow }) => flow))}::uuid[], ${sql.param(loaded.map(({ id }) => id))}::text[])))`,
  );
}

/** Nodes of versions and drafts (version null) whose setting `collection` names one of some collections. */
function loadingNodes(workspace: string, collections: SQL): SQL {
  return sql`
    select documents.flow, documents.version, node.key as node, node.value -> 'settings' ->> 'collection' as collection
    from (
      select flow_id as flow, number as version, document from flow_versions where workspace_id = ${workspace}
      union all select id, null, document from flows where workspace_id = ${workspace}) documents
    cross join jsonb_each(documents.document -> 'nodes') node
    where exists (
      select from (${collections}) named(name, id)
      where node.value -> 'settings' ->> 'collection' in (named.name, named.id::text))`;
}

/** Flows whose builds hold one of these indexes. */
async function findReadingFlows(
  database: Database,
  workspace: string,
  lineages: readonly number[],
): Promise<readonly string[]> {
  const rows = await selectRows<{ flow: string }>(
    database,
    sql`
      select distinct build.flow_id as flow from builds build
      cross join jsonb_path_query(build.nodes, 'strict $.** ? (exists (@.lineage) && exists (@.generation))') held(value)
      join index_lineages lineage on lineage.lineage = held.value ->> 'lineage'
      where build.workspace_id = ${workspace} and lineage.id = any(${sql.param(lineages)}::int[])`,
  );
  return rows.map(({ flow }) => flow);
}

/** As they stand within JSON, so that they are found in what runs stored. */
async function findSentences(database: Database, rows: readonly number[]): Promise<readonly string[]> {
  const chunks = await selectRows<{ text: string }>(
    database,
    sql`
      select text from index_chunks where document = any(${sql.param(rows)}::bigint[])
      order by document desc, ordinal limit ${mostSentences}`,
  );
  const sentences = new Set(
    chunks.flatMap(({ text }) =>
      text
        .split(sentenceEnds)
        .map((sentence) => sentence.trim())
        .filter((sentence) => sentence.length >= shortestSentence),
    ),
  );
  return [...sentences].slice(0, mostSentences).map((sentence) => JSON.stringify(sentence).slice(1, -1));
}
