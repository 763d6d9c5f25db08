import type { JsonValue } from '@kumiki/flow';
import { type SQL, sql } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { findHashes } from '../queries/find-hashes.ts';
import type { DocumentTarget } from '../schema/forgettings.ts';

/** Gives a data set's value without the examples of some documents, or the very same value where it has none of them. */
export type RewriteDataSet = (dataset: JsonValue, documents: ReadonlySet<string>) => Promise<JsonValue>;

type Scope = {
  readonly workspace: string;
  readonly target: DocumentTarget;
  /** Which rows of `artifacts`. */
  readonly which: SQL;
  readonly rewriteDataSet: RewriteDataSet;
};

type Values = Readonly<Record<string, JsonValue>>;

/**
 * Takes a document's examples out of data sets: each artifact's contents in the blob store are written anew without them,
 * and the artifact and the builds that hold its value name the new ones. Gives the contents that were replaced.
 */
export async function rewriteDataSets(
  database: Database,
  { workspace, target, which, rewriteDataSet }: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const documents = new Set([...(target.ids ?? []), ...target.documents.map(({ id }) => id)]);
  if (documents.size === 0) return [];
  const rows = await selectRows<{ fingerprint: string; outputs: Values }>(
    database,
    sql`
      select fingerprint, outputs from artifacts
      where workspace_id = ${workspace} and split_part(node_type, '/', 1) = 'dataset' and ${which}
      order by fingerprint`,
  );
  const replaced: string[] = [];
  for (const { fingerprint, outputs } of rows) {
    signal.throwIfAborted();
    for (const value of Object.values(outputs)) {
      const sha256 = readHash(value);
      if (sha256 === null) continue;
      const rewritten = cleanJson(await rewriteDataSet(value, documents));
      if (rewritten === value) continue;
      await replaceDataSet(database, { workspace, fingerprint, sha256, rewritten });
      replaced.push(sha256);
    }
  }
  return replaced;
}

async function replaceDataSet(
  database: Database,
  options: {
    readonly workspace: string;
    readonly fingerprint: string;
    readonly sha256: string;
    readonly rewritten: JsonValue;
  },
): Promise<void> {
  const { workspace, fingerprint, sha256, rewritten } = options;
  await database.transaction(async (transaction) => {
    const artifacts = await selectRows<{ outputs: Values }>(
      transaction,
      sql`
        select outputs from artifacts where workspace_id = ${workspace} and fingerprint = ${fingerprint} for update`,
    );
    for (const { outputs } of artifacts) {
      const next = replaceValue(outputs, sha256, rewritten);
      await transaction.execute(sql`
        update artifacts set outputs = ${JSON.stringify(next)}::jsonb, hashes = ${sql.param(findHashes(next))}::text[]
        where workspace_id = ${workspace} and fingerprint = ${fingerprint}`);
    }
    const builds = await selectRows<{ id: string; nodes: Values }>(
      transaction,
      sql`
        select id, nodes from builds where workspace_id = ${workspace} and hashes @> array[${sha256}]::text[]
        order by id for update`,
    );
    for (const { id, nodes } of builds) {
      const next = replaceValue(nodes, sha256, rewritten);
      await transaction.execute(sql`
        update builds set nodes = ${JSON.stringify(next)}::jsonb, hashes = ${sql.param(findHashes(next))}::text[]
        where id = ${id}`);
    }
  });
}

/** Puts one data set's value in the place of another's, wherever it stands. */
function replaceValue(value: JsonValue, sha256: string, rewritten: JsonValue): JsonValue {
  if (readHash(value) === sha256) return rewritten;
  if (Array.isArray(value)) return value.map((item) => replaceValue(item, sha256, rewritten));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaceValue(item, sha256, rewritten)]));
}

/** Null for what is no data set: those alone tell their contents and how many examples there are. */
function readHash(value: JsonValue): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return typeof value.sha256 === 'string' && 'examples' in value && 'preview' in value ? value.sha256 : null;
}
