import {
  type ClosedGeneration,
  type EmbeddingModelValue,
  type IndexLocation,
  type IndexSnapshot,
  KumikiError,
  type ManifestEntry,
  type OpenedGeneration,
} from '@kumiki/node-sdk';
import { and, desc, eq, isNull, max, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import {
  indexChunks,
  indexDocuments,
  indexFailures,
  indexGenerations,
  indexLineages,
  indexVectors,
} from '../schema/tables.ts';
import { checkEmbeddingModel, checkTokeniser, findLineage, type GenerationRow, type LineageRow } from './lineages.ts';
import { tokeniserVersion } from './tokenise.ts';

export type OpenOptions = {
  readonly owner: string;
  readonly embeddingModel: EmbeddingModelValue;
  readonly manifest: readonly ManifestEntry[] | null;
};

/**
 * Opens the next generation, or takes over the one that is open already: from the same owner always, from another one
 * only where `isOwnerAlive` says that it is gone. Opens none where the newest generation is what is asked for: whoever
 * made it died before it could say so. Throws `generation-open`, `index-model-mismatch`.
 */
export async function openGeneration(
  database: Database,
  at: IndexLocation,
  options: OpenOptions & { readonly isOwnerAlive: (owner: string) => Promise<boolean> },
): Promise<OpenedGeneration> {
  // Asked before the transaction begins: on the embedded database nothing else may be asked while it lasts.
  const seen = await findOpenOwner(database, at);
  if (seen !== null && seen !== options.owner && (await options.isOwnerAlive(seen))) throw refuseOpen();

  return database.transaction(async (transaction) => {
    // The generation before its lineage: in that order whoever writes documents locks them.
    const held = await lockOpenGeneration(transaction, at);
    const lineage = await lockLineage(transaction, at, options.embeddingModel);
    // Where the lineage was collected between the two, the one of that name is new.
    const open = held?.lineageId === lineage.id ? held : null;
    const isOther = open !== null && open.owner !== options.owner && open.owner !== seen;
    const isLate = open === null && (await findOpenGeneration(transaction, lineage.id)) !== null;
    if (isOther || isLate) throw refuseOpen();
    const current = open === null ? await findCurrent(transaction, lineage.id, options.manifest) : null;
    if (current !== null) return { generation: current.generation, wanted: [], leaving: [], current };
    const generation = open?.number ?? (await nextNumber(transaction, lineage.id));
    const whole = options.manifest === null;
    // Of whoever wrote before: a build that died, or a merge after it. A merge that is alive notices, and leaves it be.
    await transaction.execute(sql`delete from lexical_segments where lineage_id = ${lineage.id} and state = 'draft'`);
    if (open === null) {
      await transaction.insert(indexGenerations).values({
        workspaceId: at.workspace,
        lineageId: lineage.id,
        number: generation,
        state: 'open',
        owner: options.owner,
        whole,
      });
    } else {
      await transaction
        .update(indexGenerations)
        .set({ owner: options.owner, whole })
        .where(and(eq(indexGenerations.lineageId, lineage.id), eq(indexGenerations.number, generation)));
      // They are found again, if they still are ones.
      await transaction
        .delete(indexFailures)
        .where(and(eq(indexFailures.lineageId, lineage.id), eq(indexFailures.generation, generation)));
    }
    return { generation, ...(await diffManifest(transaction, lineage.id, options.manifest)), current: null };
  });
}

/** Locks the open generation for a write of its owner. Throws `generation-taken-over`. */
export async function lockGeneration(
  transaction: Database,
  lineage: number,
  generation: number,
  owner: string,
): Promise<GenerationRow> {
  const [row] = await transaction
    .select()
    .from(indexGenerations)
    .where(
      and(
        eq(indexGenerations.lineageId, lineage),
        eq(indexGenerations.number, generation),
        eq(indexGenerations.state, 'open'),
        eq(indexGenerations.owner, owner),
      ),
    )
    .for('update');
  if (row === undefined) throw refuseTakenOver();
  return row;
}

/** Makes the open generation visible, with all that leaves it. Its postings have been written before. */
export function publishGeneration(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  owner: string,
): Promise<ClosedGeneration> {
  return database.transaction(async (transaction) => {
    await lockGeneration(transaction, lineage.id, at.generation, owner);
    await removeDocuments(
      transaction,
      lineage.id,
      at.generation,
      sql`${indexDocuments.removedGeneration} is null and ${indexDocuments.leaving}`,
    );
    const totals = await countTotals(transaction, lineage.id, at.generation);
    const contents = await listContents(transaction, lineage.id);
    const failures = await transaction
      .select({ id: indexFailures.documentId, error: indexFailures.error })
      .from(indexFailures)
      .where(and(eq(indexFailures.lineageId, lineage.id), eq(indexFailures.generation, at.generation)));
    await transaction
      .update(indexGenerations)
      .set({ state: 'visible', closedAt: sql`now()`, documents: contents.length, ...totals })
      .where(and(eq(indexGenerations.lineageId, lineage.id), eq(indexGenerations.number, at.generation)));
    return {
      generation: at.generation,
      documents: contents.length,
      chunks: totals.chunks,
      contents: sortById(contents),
      failures: sortById(failures),
    };
  });
}

/** Marks documents, with their chunks and vectors, as gone from a generation on. */
export async function removeDocuments(
  transaction: Database,
  lineage: number,
  generation: number,
  which: ReturnType<typeof sql>,
): Promise<void> {
  const removed = await transaction
    .update(indexDocuments)
    .set({ removedGeneration: generation, leaving: false })
    .where(and(eq(indexDocuments.lineageId, lineage), which))
    .returning({ id: indexDocuments.id });
  if (removed.length === 0) return;
  const chunks = await transaction
    .update(indexChunks)
    .set({ removedGeneration: generation })
    .where(sql`${indexChunks.document} = any(${sql.param(removed.map((row) => row.id))})`)
    .returning({ chunkId: indexChunks.chunkId });
  await transaction
    .update(indexVectors)
    .set({ removedGeneration: generation })
    .where(
      and(
        eq(indexVectors.lineageId, lineage),
        sql`${indexVectors.chunkId} = any(${sql.param(chunks.map((row) => row.chunkId))})`,
      ),
    );
}

async function findOpenOwner(database: Database, at: IndexLocation): Promise<string | null> {
  const lineage = await findLineage(database, at);
  return lineage && ((await findOpenGeneration(database, lineage.id))?.owner ?? null);
}

/** The generation that is open, locked; null where there is none. */
async function lockOpenGeneration(transaction: Database, at: IndexLocation): Promise<GenerationRow | null> {
  const lineage = await findLineage(transaction, at);
  if (lineage === null) return null;
  const [row] = await transaction
    .select()
    .from(indexGenerations)
    .where(and(eq(indexGenerations.lineageId, lineage.id), eq(indexGenerations.state, 'open')))
    .for('update');
  return row ?? null;
}

async function findOpenGeneration(database: Database, lineage: number): Promise<GenerationRow | null> {
  const [row] = await database
    .select()
    .from(indexGenerations)
    .where(and(eq(indexGenerations.lineageId, lineage), eq(indexGenerations.state, 'open')));
  return row ?? null;
}

async function lockLineage(
  transaction: Database,
  at: IndexLocation,
  embeddingModel: EmbeddingModelValue,
): Promise<LineageRow> {
  // Found, locked and marked as used by one statement: whoever collects lineages comes before it, or sees the mark.
  const [lineage] = await transaction
    .insert(indexLineages)
    .values({ workspaceId: at.workspace, lineage: at.lineage, embeddingModel, tokeniser: tokeniserVersion })
    .onConflictDoUpdate({
      target: [indexLineages.workspaceId, indexLineages.lineage],
      set: { usedAt: sql`now()` },
    })
    .returning();
  if (lineage === undefined) throw new Error('an upsert gave no row back');
  checkTokeniser(lineage);
  checkEmbeddingModel(lineage, embeddingModel);
  return lineage;
}

async function nextNumber(transaction: Database, lineage: number): Promise<number> {
  const [last] = await transaction
    .select({ number: max(indexGenerations.number) })
    .from(indexGenerations)
    .where(eq(indexGenerations.lineageId, lineage));
  return (last?.number ?? 0) + 1;
}

/** The newest visible generation, where it holds exactly what a manifest lists and nothing of it had failed. */
async function findCurrent(
  transaction: Database,
  lineage: number,
  manifest: readonly ManifestEntry[] | null,
): Promise<ClosedGeneration | null> {
  if (manifest === null) return null;
  const newest = await findNewestVisible(transaction, lineage);
  if (newest === null || newest.documents !== manifest.length) return null;
  const [failed] = await transaction
    .select({ id: indexFailures.documentId })
    .from(indexFailures)
    .where(and(eq(indexFailures.lineageId, lineage), eq(indexFailures.generation, newest.number)))
    .limit(1);
  if (failed !== undefined) return null;
  const contents = await listContents(transaction, lineage);
  const held = new Map(contents.map((document) => [document.id, document.contentHash]));
  const isHeld = manifest.every(({ id, contentHash }) => contentHash !== null && held.get(id) === contentHash);
  if (!isHeld || held.size !== manifest.length) return null;
  const { number: generation, documents, chunks } = newest;
  return { generation, documents, chunks, contents: sortById(contents), failures: [] };
}

async function findNewestVisible(transaction: Database, lineage: number): Promise<GenerationRow | null> {
  const [row] = await transaction
    .select()
    .from(indexGenerations)
    .where(and(eq(indexGenerations.lineageId, lineage), eq(indexGenerations.state, 'visible')))
    .orderBy(desc(indexGenerations.number))
    .limit(1);
  return row ?? null;
}

/** The documents of the newest state. */
function listContents(transaction: Database, lineage: number): Promise<{ id: string; contentHash: string }[]> {
  return transaction
    .select({ id: indexDocuments.documentId, contentHash: indexDocuments.contentHash })
    .from(indexDocuments)
    .where(and(eq(indexDocuments.lineageId, lineage), isNull(indexDocuments.removedGeneration)));
}

/** Compares what is wanted with the newest state, and marks what is to leave. */
async function diffManifest(
  transaction: Database,
  lineage: number,
  manifest: readonly ManifestEntry[] | null,
): Promise<Pick<OpenedGeneration, 'wanted' | 'leaving'>> {
  const current = and(eq(indexDocuments.lineageId, lineage), isNull(indexDocuments.removedGeneration));
  if (manifest === null) {
    await transaction.update(indexDocuments).set({ leaving: true }).where(current);
    return { wanted: [], leaving: [] };
  }
  const held = await transaction
    .select({
      id: indexDocuments.documentId,
      contentHash: indexDocuments.contentHash,
      leaving: indexDocuments.leaving,
    })
    .from(indexDocuments)
    .where(current);
  const named = new Set(manifest.map((entry) => entry.id));
  const wrong = held.filter((document) => document.leaving === named.has(document.id)).map((document) => document.id);
  if (wrong.length > 0) {
    await transaction
      .update(indexDocuments)
      .set({ leaving: sql`not ${indexDocuments.leaving}` })
      .where(and(current, sql`${indexDocuments.documentId} = any(${sql.param(wrong)})`));
  }
  const contentHashes = new Map(held.map((document) => [document.id, document.contentHash]));
  return {
    wanted: manifest
      .filter((entry) => entry.contentHash === null || contentHashes.get(entry.id) !== entry.contentHash)
      .map((entry) => entry.id),
    leaving: held.filter((document) => !named.has(document.id)).map((document) => document.id),
  };
}

/** Chunks and terms of a generation: those of the one before, with what came and without what went. */
async function countTotals(
  transaction: Database,
  lineage: number,
  generation: number,
): Promise<{ chunks: number; terms: number; chunkBound: number }> {
  const before = await findNewestVisible(transaction, lineage);
  const [change] = await selectRows<{ chunks: number; terms: number; bound: number }>(
    transaction,
    sql`
      select
        coalesce(sum(case when removed_generation is null then chunks else -chunks end), 0)::float8 as chunks,
        coalesce(sum(case when removed_generation is null then terms else -terms end), 0)::float8 as terms,
        (select next_chunk::float8 from index_lineages where id = ${lineage}) as bound
      from index_documents
      where lineage_id = ${lineage}
        and (added_generation = ${generation} or removed_generation = ${generation})
        and removed_generation is distinct from added_generation`,
  );
  return {
    chunks: (before?.chunks ?? 0) + (change?.chunks ?? 0),
    terms: (before?.terms ?? 0) + (change?.terms ?? 0),
    chunkBound: change?.bound ?? 0,
  };
}

/** By code units, so that every machine agrees. */
function sortById<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
}

function refuseOpen(): KumikiError {
  return new KumikiError({
    code: 'generation-open',
    message: {
      en: 'Another build is writing this index. This one goes on when that one has ended.',
      ja: '別の構築がこの索引に書き込んでいます。そちらが終わると、この構築が続きます。',
    },
    retryable: true,
    status: 409,
  });
}

export function refuseTakenOver(): KumikiError {
  return new KumikiError({
    code: 'generation-taken-over',
    message: {
      en: 'Another worker has taken over the building of this index, so nothing more was written here.',
      ja: 'この索引の構築は別のワーカーが引き継いだため、ここでは書き込みを中止しました。',
    },
    status: 409,
  });
}
