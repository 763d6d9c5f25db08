import type { Artifact, ArtifactStore } from '@kumiki/node-sdk';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
import { withNamedErrors } from '../database/database-error.ts';
import { artifacts, sourceIdentities } from '../schema/tables.ts';
import { findHashes } from './find-hashes.ts';

/** Uses of an artifact are noted to within so many minutes, so that questions do not write a row each. */
export const useMinutes = 60;

const artifactColumns = {
  fingerprint: artifacts.fingerprint,
  lineage: artifacts.lineage,
  nodeType: artifacts.nodeType,
  outputs: artifacts.outputs,
  contents: artifacts.contents,
};

/** Where builds look before they work, and where they leave what they made. */
export function createArtifactStore(database: Database): ArtifactStore {
  return {
    find: (workspace, fingerprint) => withNamedErrors(() => findArtifact(database, { workspace, fingerprint })),
    findNewest: (workspace, lineage) => withNamedErrors(() => findNewestArtifact(database, { workspace, lineage })),
    save: (workspace, artifact) => withNamedErrors(() => keepArtifact(database, workspace, artifact)),
    findContentHashes: (workspace, source, documents) =>
      withNamedErrors(() => findContentHashes(database, { workspace, source, documents })),
    recordContentHashes: (workspace, source, documents) =>
      withNamedErrors(() => recordContentHashes(database, { workspace, source, documents })),
  };
}

/** The newest artifact of a lineage that is not redacted, or null. */
async function findNewestArtifact(
  database: Database,
  at: { readonly workspace: string; readonly lineage: string },
): Promise<Artifact | null> {
  const [row] = await database
    .select(artifactColumns)
    .from(artifacts)
    .where(
      and(eq(artifacts.workspaceId, at.workspace), eq(artifacts.lineage, at.lineage), isNull(artifacts.redactedAt)),
    )
    .orderBy(desc(artifacts.createdAt))
    .limit(1);
  return row ?? null;
}

async function findArtifact(
  database: Database,
  at: { readonly workspace: string; readonly fingerprint: string },
): Promise<Artifact | null> {
  const isAsked = and(
    eq(artifacts.workspaceId, at.workspace),
    eq(artifacts.fingerprint, at.fingerprint),
    isNull(artifacts.redactedAt),
  );
  // Found and marked as used by one statement: whoever collects artifacts comes before it, or sees the mark.
  const [marked] = await database
    .update(artifacts)
    .set({ usedAt: sql`now()` })
    .where(and(isAsked, sql`${artifacts.usedAt} < now() - make_interval(mins => ${useMinutes})`))
    .returning(artifactColumns);
  if (marked !== undefined) return marked;
  const [row] = await database.select(artifactColumns).from(artifacts).where(isAsked);
  return row ?? null;
}

/**
 * Where the fingerprint is known already, the one that was there first stays and is given back, since builds may hold
 * it. One that was redacted is replaced: no lookup found it, and this one has been made without what was forgotten.
 */
async function keepArtifact(database: Database, workspace: string, artifact: Artifact): Promise<Artifact> {
  const outputs = cleanJson(artifact.outputs);
  const content = { outputs, hashes: findHashes(outputs), contents: cleanJson(artifact.contents) };
  const { fingerprint, lineage, nodeType } = artifact;
  const [kept] = await database
    .insert(artifacts)
    .values({ workspaceId: workspace, fingerprint, lineage, nodeType, ...content })
    .onConflictDoUpdate({
      target: [artifacts.workspaceId, artifacts.fingerprint],
      set: { ...content, redactedAt: null, createdAt: sql`now()`, usedAt: sql`now()` },
      setWhere: sql`${artifacts.redactedAt} is not null`,
    })
    .returning(artifactColumns);
  return kept ?? (await findArtifact(database, { workspace, fingerprint })) ?? artifact;
}

async function findContentHashes(
  database: Database,
  options: {
    readonly workspace: string;
    readonly source: string;
    readonly documents: readonly { readonly id: string; readonly identity: string }[];
  },
): Promise<ReadonlyMap<string, string>> {
  if (options.documents.length === 0) return new Map();
  const rows = await database
    .select({ id: sourceIdentities.documentId, contentHash: sourceIdentities.contentHash })
    .from(sourceIdentities)
    .where(
      and(
        eq(sourceIdentities.workspaceId, options.workspace),
        eq(sourceIdentities.source, options.source),
        sql`(${sourceIdentities.documentId}, ${sourceIdentities.identity}) in (
          select * from unnest(${sql.param(options.documents.map((document) => cleanText(document.id)))}::text[],
            ${sql.param(options.documents.map((document) => cleanText(document.identity)))}::text[]))`,
      ),
    );
  return new Map(rows.map((row) => [row.id, row.contentHash]));
}

async function recordContentHashes(
  database: Database,
  options: {
    readonly workspace: string;
    readonly source: string;
    readonly documents: readonly { readonly id: string; readonly identity: string; readonly contentHash: string }[];
  },
): Promise<void> {
  // By id, since one statement may not write the same row twice.
  const documents = [...new Map(options.documents.map((document) => [cleanText(document.id), document])).entries()];
  if (documents.length === 0) return;
  await database.execute(sql`
    insert into source_identities (workspace_id, source, document_id, identity, content_hash)
    select ${options.workspace}, ${options.source}, * from unnest(
      ${sql.param(documents.map(([id]) => id))}::text[],
      ${sql.param(documents.map(([, document]) => cleanText(document.identity)))}::text[],
      ${sql.param(documents.map(([, document]) => document.contentHash))}::text[])
    on conflict (workspace_id, source, document_id) do update
      set identity = excluded.identity, content_hash = excluded.content_hash, updated_at = now()`);
}
