import { type SQL, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import type { DocumentTarget } from '../schema/forgettings.ts';
import { purgeWhere } from '../search/purge-documents.ts';
import { redactExperimentsOfDocument } from './redact-experiments.ts';
import { findQuotingRuns, type RedactEvent, redactRuns } from './redact-runs.ts';

type Scope = { readonly workspace: string; readonly target: DocumentTarget };

export type ForgottenFile = {
  /** The collection's name; null for a file that was uploaded by itself. */
  readonly collection: string | null;
  readonly name: string;
  readonly sha256: string;
};

/** What of a document would go, or went. */
export type ForgottenDocument = {
  readonly files: readonly ForgottenFile[];
  /** What indexes hold of it, with its earlier contents. */
  readonly indexed: { readonly indexes: number; readonly documents: number; readonly chunks: number };
  /** They lose what they were asked, answered and showed. */
  readonly runs: number;
  /** Nobody finds them again; builds that name them go on with them, without the document. */
  readonly artifacts: readonly RedactedArtifact[];
  readonly builds: readonly { readonly flow: string; readonly number: number }[];
};

export type RedactedArtifact = { readonly fingerprint: string; readonly nodeType: string };

/** Takes its examples out of data sets among those rows of `artifacts`, before they are redacted and lose what says so. */
export type ForgetExamples = (which: SQL) => Promise<void>;

/** No run: whoever was writing a generation finds that it is not theirs any more, and opens it again. */
const forgetOwner = 'forgotten:0';

/** What forgetting would take away. Changes nothing. */
export async function countDocument(database: Database, scope: Scope, signal: AbortSignal): Promise<ForgottenDocument> {
  const { workspace, target } = scope;
  const files = await selectRows<ForgottenFile>(
    database,
    sql`
      select collection.name as collection, file.name, file.sha256
      from collection_files file join collections collection on collection.id = file.collection_id
      where file.workspace_id = ${workspace} and ${isContentOf(sql`file.sha256`, target)}
      union all
      select null, name, sha256 from files where workspace_id = ${workspace} and ${isContentOf(sql`sha256`, target)}
      order by 1, 2`,
  );
  const [indexed] = await selectRows<ForgottenDocument['indexed']>(
    database,
    sql`
      select count(distinct lineage_id)::float8 as indexes, count(*)::float8 as documents,
        coalesce(sum(chunks), 0)::float8 as chunks
      from index_documents where workspace_id = ${workspace} and ${isIndexedOf(target)}`,
  );
  const artifacts = await selectRows<RedactedArtifact>(
    database,
    sql`
      select fingerprint, node_type as "nodeType" from artifacts
      where workspace_id = ${workspace} and ${isMadeFrom(workspace, target)} order by fingerprint`,
  );
  let runs = 0;
  for await (const ids of findQuotingRuns(database, scope, signal)) runs += ids.length;
  const builds = await findBuilds(database, workspace, artifacts);
  return { files, indexed: indexed ?? { indexes: 0, documents: 0, chunks: 0 }, runs, artifacts, builds };
}

/**
 * Takes a document away from everywhere but the blob store. Does what is left to do, so it may be interrupted anywhere
 * and asked for again.
 */
export async function forgetDocument(
  database: Database,
  scope: Scope & { readonly redactEvent: RedactEvent; readonly forgetExamples: ForgetExamples },
  signal: AbortSignal,
): Promise<void> {
  const { workspace, target, redactEvent } = scope;
  // First of all, so that nobody reads it again.
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`
      delete from collection_files where workspace_id = ${workspace} and ${isContentOf(sql`sha256`, target)}`);
    await transaction.execute(sql`
      delete from files where workspace_id = ${workspace} and ${isContentOf(sql`sha256`, target)}`);
    await transaction.execute(sql`
      delete from source_identities where workspace_id = ${workspace} and ${isContentOf(sql`content_hash`, target)}`);
  });
  await scope.forgetExamples(isMadeFrom(workspace, target));
  await redactArtifacts(database, scope);
  await purgeIndexes(database, scope, signal);
  for await (const ids of findQuotingRuns(database, scope, signal))
    await redactRuns(database, ids, redactEvent, signal);
  await redactExperimentsOfDocument(database, { workspace, target });
  // Also answers whose run was never written down, since the process died in between.
  const quotes = sql.param([...target.contentHashes, ...target.quotes]);
  await database.execute(sql`
    delete from idempotency_keys where workspace_id = ${workspace}
      and not exists (select from runs where runs.id = idempotency_keys.run_id)
      and exists (select from unnest(${quotes}::text[]) as quote where position(quote in response::text) > 0)`);
}

async function redactArtifacts(database: Database, { workspace, target }: Scope): Promise<void> {
  await database.transaction(async (transaction) => {
    const redacted = await selectRows<{ fingerprint: string }>(
      transaction,
      sql`
        update artifacts set redacted_at = coalesce(redacted_at, now()), contents = (
          select coalesce(jsonb_agg(content order by place), '[]')
          from jsonb_array_elements(contents) with ordinality as listed(content, place)
          where not ${isContentOf(sql`content ->> 'contentHash'`, target)})
        where workspace_id = ${workspace} and ${isMadeFrom(workspace, target)}
        returning fingerprint`,
    );
    const fingerprints = sql.param(redacted.map(({ fingerprint }) => fingerprint));
    await transaction.execute(sql`
      update builds set state = 'redacted'
      where workspace_id = ${workspace} and fingerprints && ${fingerprints}::text[]`);
  });
}

async function purgeIndexes(database: Database, { workspace, target }: Scope, signal: AbortSignal): Promise<void> {
  const lineages = await selectRows<{ id: number; tokeniser: number }>(
    database,
    sql`
      select id, tokeniser from index_lineages where workspace_id = ${workspace} and (
        exists (select from index_documents where lineage_id = index_lineages.id and ${isIndexedOf(target)})
        or exists (select from index_failures where lineage_id = index_lineages.id and ${isFailureOf(target)}))
      order by id`,
  );
  for (const lineage of lineages) {
    const hold = async (transaction: Database) => {
      const isOurs = await takeGeneration(transaction, lineage.id);
      await transaction.execute(sql`
        delete from index_failures where lineage_id = ${lineage.id} and ${isFailureOf(target)}`);
      return isOurs;
    };
    await purgeWhere(database, lineage, { which: isIndexedOf(target), hold }, signal);
  }
}

/**
 * Takes the open generation from whoever writes it, and locks the lineage so that none is opened. The generation before
 * its lineage: in that order whoever writes documents locks them. False where one was opened between the two.
 */
export async function takeGeneration(transaction: Database, lineage: number): Promise<boolean> {
  await transaction.execute(sql`
    update index_generations set owner = ${forgetOwner} where lineage_id = ${lineage} and state = 'open'`);
  await transaction.execute(sql`select id from index_lineages where id = ${lineage} for update`);
  const others = await selectRows(
    transaction,
    sql`
      select 1 from index_generations
      where lineage_id = ${lineage} and state = 'open' and owner <> ${forgetOwner}`,
  );
  return others.length === 0;
}

function findBuilds(
  database: Database,
  workspace: string,
  artifacts: readonly RedactedArtifact[],
): Promise<readonly { flow: string; number: number }[]> {
  return selectRows(
    database,
    sql`
      select flow_id as flow, number from builds where workspace_id = ${workspace}
        and fingerprints && ${sql.param(artifacts.map(({ fingerprint }) => fingerprint))}::text[]
      order by flow_id, number`,
  );
}

function isContentOf(hash: SQL, { contentHashes }: DocumentTarget): SQL {
  return sql`${hash} = any(${sql.param(contentHashes)}::text[])`;
}

/** Of a row of `index_documents`. */
function isIndexedOf(target: DocumentTarget): SQL {
  return sql`(${isContentOf(sql`content_hash`, target)} or ${isPlaceOf(target)})`;
}

/** Of a row of `index_failures`. */
function isFailureOf(target: DocumentTarget): SQL {
  return isPlaceOf(target);
}

function isPlaceOf({ documents }: DocumentTarget): SQL {
  return sql`(lineage_id, document_id) in (select * from unnest(
    ${sql.param(documents.map(({ lineage }) => lineage))}::int[], ${sql.param(documents.map(({ id }) => id))}::text[]))`;
}

/**
 * Of a row of `artifacts`: its contents name the document, or it was tuned or sampled in a build beside one whose
 * contents do, since what a model learned from has no contents of its own. What no build names says nothing of what it
 * was made beside: such a data set or model of a build that failed is taken for one of them.
 */
function isMadeFrom(workspace: string, target: DocumentTarget): SQL {
  const names = (contents: SQL) => sql`
    exists (select from jsonb_array_elements(${contents}) content
      where ${isContentOf(sql`content ->> 'contentHash'`, target)})`;
  return sql`(${names(sql`artifacts.contents`)} or (
    split_part(artifacts.node_type, '/', 1) in ('dataset', 'finetune') and (
      exists (
        select from builds join artifacts source on source.workspace_id = builds.workspace_id
          and source.fingerprint = any(builds.fingerprints)
        where builds.workspace_id = ${workspace} and builds.fingerprints @> array[artifacts.fingerprint]
          and ${names(sql`source.contents`)})
      or (artifacts.contents = '[]' and exists (
          select from artifacts source where source.workspace_id = ${workspace} and ${names(sql`source.contents`)})
        and not exists (
          select from builds where builds.workspace_id = ${workspace}
            and builds.fingerprints @> array[artifacts.fingerprint])))))`;
}
