import type { JsonValue } from '@kumiki/flow';
import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import { cleanJson } from '../database/clean-text.ts';
import type { Database } from '../database/database.ts';
import { artifacts, sourceIdentities } from '../schema/tables.ts';

export type ArtifactRow = typeof artifacts.$inferSelect;

/**
 * Keeps an artifact. Where its fingerprint is known already, the one that was there first stays and is given back:
 * builds may hold it.
 */
export async function keepArtifact(
  database: Database,
  artifact: {
    readonly workspace: string;
    readonly fingerprint: string;
    readonly kind: string;
    readonly lineage: string;
    readonly payload: JsonValue;
    readonly bytes?: number;
  },
): Promise<ArtifactRow> {
  const { workspace, bytes = 0, ...rest } = artifact;
  const [kept] = await database
    .insert(artifacts)
    .values({ workspaceId: workspace, ...rest, payload: cleanJson(artifact.payload), bytes })
    // Changes nothing, and unlike `do nothing` gives the row back.
    .onConflictDoUpdate({
      target: [artifacts.workspaceId, artifacts.fingerprint],
      set: { fingerprint: artifact.fingerprint },
    })
    .returning();
  if (kept === undefined) throw new Error('an upsert gave no row back');
  return kept;
}

/** Those of the fingerprints that are known and not redacted. */
export async function findArtifacts(
  database: Database,
  options: { readonly workspace: string; readonly fingerprints: readonly string[] },
): Promise<ArtifactRow[]> {
  if (options.fingerprints.length === 0) return [];
  return database
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, options.workspace),
        inArray(artifacts.fingerprint, [...options.fingerprints]),
        isNull(artifacts.redactedAt),
      ),
    );
}

/** The newest artifact of a lineage, or null. */
export async function findNewestArtifact(
  database: Database,
  options: { readonly workspace: string; readonly lineage: string },
): Promise<ArtifactRow | null> {
  const [row] = await database
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.workspaceId, options.workspace),
        eq(artifacts.lineage, options.lineage),
        isNull(artifacts.redactedAt),
      ),
    )
    .orderBy(desc(artifacts.createdAt))
    .limit(1);
  return row ?? null;
}

/** Content hash of each document of a source whose identity is still the one that was last read. */
export async function findContentHashes(
  database: Database,
  options: {
    readonly workspace: string;
    readonly source: string;
    readonly documents: readonly { readonly id: string; readonly identity: string }[];
  },
): Promise<ReadonlyMap<string, string>> {
  const asked = new Map(options.documents.map((document) => [document.id, document.identity]));
  const known = await database
    .select()
    .from(sourceIdentities)
    .where(and(eq(sourceIdentities.workspaceId, options.workspace), eq(sourceIdentities.source, options.source)));
  return new Map(
    known.filter((row) => asked.get(row.documentId) === row.identity).map((row) => [row.documentId, row.contentHash]),
  );
}

/** Remembers what was really read under an identity. */
export async function recordSourceIdentity(
  database: Database,
  entry: {
    readonly workspace: string;
    readonly source: string;
    readonly document: string;
    readonly identity: string;
    readonly contentHash: string;
  },
): Promise<void> {
  const { identity, contentHash } = entry;
  await database
    .insert(sourceIdentities)
    .values({
      workspaceId: entry.workspace,
      source: entry.source,
      documentId: entry.document,
      identity,
      contentHash,
    })
    .onConflictDoUpdate({
      target: [sourceIdentities.workspaceId, sourceIdentities.source, sourceIdentities.documentId],
      set: { identity, contentHash, updatedAt: new Date() },
    });
}
