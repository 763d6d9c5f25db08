import { KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { artifacts, builds } from '../schema/tables.ts';
import { makePage, type Page, type PageOptions, pageLimit, refuseCursor } from './page.ts';

export type ArtifactSummary = Pick<
  typeof artifacts.$inferSelect,
  'fingerprint' | 'lineage' | 'nodeType' | 'createdAt' | 'usedAt' | 'redactedAt'
> & {
  /** Null where it is not known. */
  readonly bytes: number | null;
  readonly builds: readonly { readonly flow: string; readonly number: number }[];
};

/** One artifact with its values, redacted or not. Throws `artifact-unknown`. */
export async function readArtifact(
  database: Database,
  at: { readonly workspace: string; readonly fingerprint: string },
): Promise<Pick<typeof artifacts.$inferSelect, 'fingerprint' | 'nodeType' | 'outputs'>> {
  const [row] = await database
    .select({ fingerprint: artifacts.fingerprint, nodeType: artifacts.nodeType, outputs: artifacts.outputs })
    .from(artifacts)
    .where(and(eq(artifacts.workspaceId, at.workspace), eq(artifacts.fingerprint, at.fingerprint)));
  if (row !== undefined) return row;
  throw new KumikiError({
    code: 'artifact-unknown',
    message: {
      en: 'There is no such artifact. It may have been cleared away; build the flow again.',
      ja: 'この成果物は見つかりません。整理されて削除された可能性があるため、フローをもう一度構築してください。',
    },
    status: 404,
  });
}

const cursorPattern = /^(\d{1,16})~([0-9a-zA-Z:_-]{1,200})$/;

/** Newest first, each with the builds that name it. Throws `cursor-invalid`. */
export async function listArtifacts(
  database: Database,
  options: PageOptions & { readonly workspace: string },
): Promise<Page<ArtifactSummary>> {
  const { workspace, cursor } = options;
  const after = cursor === undefined ? null : cursorPattern.exec(cursor);
  if (cursor !== undefined && after === null) throw refuseCursor();
  const rows = await database
    .select({
      fingerprint: artifacts.fingerprint,
      lineage: artifacts.lineage,
      nodeType: artifacts.nodeType,
      bytes: artifacts.bytes,
      createdAt: artifacts.createdAt,
      usedAt: artifacts.usedAt,
      redactedAt: artifacts.redactedAt,
    })
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, workspace),
        after === null
          ? undefined
          : sql`(${artifacts.createdAt}, ${artifacts.fingerprint} collate "C") < (${new Date(Number(after[1])).toISOString()}::timestamptz, ${after[2]})`,
      ),
    )
    .orderBy(desc(artifacts.createdAt), desc(sql`${artifacts.fingerprint} collate "C"`))
    .limit(pageLimit(options) + 1);
  const page = makePage(rows, options, (row) => `${row.createdAt.getTime()}~${row.fingerprint}`);
  const naming = await findNamingBuilds(
    database,
    workspace,
    page.items.map(({ fingerprint }) => fingerprint),
  );
  const items = page.items.map((row) => ({
    ...row,
    bytes: row.bytes === 0 ? null : row.bytes,
    builds: naming
      .filter(({ fingerprints }) => fingerprints.includes(row.fingerprint))
      .map(({ flow, number }) => ({ flow, number })),
  }));
  return { items, next: page.next };
}

function findNamingBuilds(database: Database, workspace: string, fingerprints: readonly string[]) {
  return database
    .select({ flow: builds.flowId, number: builds.number, fingerprints: builds.fingerprints })
    .from(builds)
    .where(and(eq(builds.workspaceId, workspace), sql`${builds.fingerprints} && ${sql.param(fingerprints)}::text[]`))
    .orderBy(builds.flowId, builds.number);
}

/** How long it took to make an artifact, and how large it is; null where no run or nothing tells it any more. */
export type ArtifactWork = {
  readonly fingerprint: string;
  readonly bytes: number | null;
  readonly milliseconds: number | null;
};

/**
 * What artifacts took, by the events of the build that made each first, and what they occupy: of a data set its contents, of
 * an index its texts and vectors, without what makes a search quick.
 */
export async function findArtifactWork(
  database: Database,
  at: {
    readonly workspace: string;
    readonly artifacts: readonly { readonly node: string; readonly fingerprint: string }[];
  },
): Promise<readonly ArtifactWork[]> {
  const indexBytes = sql`
    select sum(octet_length(chunk.text) + vector_dims(vector.embedding) * 4)
    from index_lineages lineage
    join index_chunks chunk on chunk.lineage_id = lineage.id
    join index_vectors vector on vector.lineage_id = chunk.lineage_id and vector.chunk_id = chunk.chunk_id
    where lineage.workspace_id = ${at.workspace} and lineage.lineage = artifact.outputs #>> '{index,lineage}'
      and chunk.added_generation <= (artifact.outputs #>> '{index,generation}')::int
      and coalesce(chunk.removed_generation > (artifact.outputs #>> '{index,generation}')::int, true)`;
  return selectRows<ArtifactWork>(
    database,
    sql`
      select asked.fingerprint, (
          select coalesce(nullif(bytes, 0), (outputs #>> '{dataset,bytes}')::bigint, (${indexBytes}))::float8
          from artifacts artifact
          where workspace_id = ${at.workspace} and artifact.fingerprint = asked.fingerprint) as bytes, (
          select (event.event ->> 'milliseconds')::float8
          from builds build join run_events event on event.run_id = build.run_id
          where build.workspace_id = ${at.workspace} and build.fingerprints @> array[asked.fingerprint]
            and event.event ->> 'type' = 'node-end' and event.event ->> 'node' = asked.node
            and event.event ->> 'state' = 'succeeded'
          order by build.created_at, event.sequence limit 1) as milliseconds
      from unnest(
        ${sql.param(at.artifacts.map(({ node }) => node))}::text[],
        ${sql.param(at.artifacts.map(({ fingerprint }) => fingerprint))}::text[]) as asked(node, fingerprint)`,
  );
}
