import type { DocumentHead, EmbeddedChunk, ErrorReport, IndexSnapshot } from '@kumiki/node-sdk';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { formatVector } from '../schema/columns.ts';
import { indexDocuments, indexFailures } from '../schema/tables.ts';
import { lockGeneration, removeDocuments } from './generations.ts';
import { checkDimensions, type GenerationRow, type LineageRow } from './lineages.ts';

const rowsPerStatement = 500;

/**
 * Puts a document into the open generation in place of what it held of it, in one transaction. Gives the id below which
 * all chunks of the lineage are. A document that is there already, with the same content, stays as it is.
 */
export function replaceDocument(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  write: {
    readonly owner: string;
    readonly document: DocumentHead;
    readonly chunks: readonly EmbeddedChunk[];
    readonly signal: AbortSignal;
  },
): Promise<{ readonly nextChunk: number }> {
  const { owner, document, chunks, signal } = write;
  for (const chunk of chunks) checkDimensions(lineage, chunk.vector);
  return database.transaction(async (transaction) => {
    const generation = await lockGeneration(transaction, lineage.id, at.generation, owner);
    await forgetFailure(transaction, lineage.id, at.generation, document.id);
    if (await keepUnchanged(transaction, lineage, generation, document, chunks.length)) {
      return { nextChunk: await allocateChunks(transaction, lineage.id, 0) };
    }
    await removeDocuments(
      transaction,
      lineage.id,
      at.generation,
      sql`${indexDocuments.removedGeneration} is null and ${indexDocuments.documentId} = ${cleanText(document.id)}`,
    );
    const [row] = await transaction
      .insert(indexDocuments)
      .values({
        workspaceId: at.workspace,
        lineageId: lineage.id,
        documentId: cleanText(document.id),
        name: cleanText(document.name),
        mediaType: document.mediaType,
        contentHash: document.contentHash,
        metadata: cleanJson(document.metadata),
        chunks: chunks.length,
        addedGeneration: at.generation,
      })
      .returning({ id: indexDocuments.id });
    if (row === undefined) throw new Error('an insert gave no row back');
    const nextChunk = await allocateChunks(transaction, lineage.id, chunks.length);
    for (let start = 0; start < chunks.length; start += rowsPerStatement) {
      signal.throwIfAborted();
      await insertChunks(transaction, {
        at,
        lineage: lineage.id,
        document: row.id,
        firstId: nextChunk - chunks.length + start,
        chunks: chunks.slice(start, start + rowsPerStatement),
      });
    }
    return { nextChunk };
  });
}

/** Notes that a document could not be read: it keeps its previous text, if it had one. */
export function recordFailure(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  failure: { readonly owner: string; readonly id: string; readonly name: string; readonly error: ErrorReport },
): Promise<void> {
  const error = cleanJson(failure.error);
  const documentId = cleanText(failure.id);
  return database.transaction(async (transaction) => {
    await lockGeneration(transaction, lineage.id, at.generation, failure.owner);
    await transaction.update(indexDocuments).set({ leaving: false }).where(whereCurrent(lineage.id, documentId));
    await transaction
      .insert(indexFailures)
      .values({
        workspaceId: at.workspace,
        lineageId: lineage.id,
        generation: at.generation,
        documentId,
        name: cleanText(failure.name),
        error,
      })
      .onConflictDoUpdate({
        target: [indexFailures.lineageId, indexFailures.generation, indexFailures.documentId],
        set: { error },
      });
  });
}

/**
 * Where a manifest said what is wanted, the same content makes the same chunks, by the lineage. Where the whole is
 * rebuilt, chunks may depend on other documents, and nothing is kept.
 */
async function keepUnchanged(
  transaction: Database,
  lineage: LineageRow,
  generation: GenerationRow,
  document: DocumentHead,
  chunks: number,
): Promise<boolean> {
  if (generation.whole) return false;
  const kept = await transaction
    .update(indexDocuments)
    .set({ leaving: false })
    .where(
      and(
        whereCurrent(lineage.id, cleanText(document.id)),
        eq(indexDocuments.contentHash, document.contentHash),
        eq(indexDocuments.name, cleanText(document.name)),
        eq(indexDocuments.mediaType, document.mediaType),
        eq(indexDocuments.chunks, chunks),
        sql`${indexDocuments.metadata} = ${JSON.stringify(cleanJson(document.metadata))}::jsonb`,
      ),
    )
    .returning({ id: indexDocuments.id });
  return kept.length > 0;
}

/** Ids are dense: whoever takes some waits until those before are committed or given back. */
async function allocateChunks(transaction: Database, lineage: number, count: number): Promise<number> {
  const rows = await selectRows<{ next: number }>(
    transaction,
    sql`update index_lineages set next_chunk = next_chunk + ${count} where id = ${lineage}
      returning next_chunk::float8 as next`,
  );
  return rows[0]?.next ?? 0;
}

async function insertChunks(
  transaction: Database,
  rows: {
    readonly at: IndexSnapshot;
    readonly lineage: number;
    readonly document: number;
    readonly firstId: number;
    readonly chunks: readonly EmbeddedChunk[];
  },
): Promise<void> {
  const { at, lineage, document, firstId, chunks } = rows;
  const column = (read: (chunk: EmbeddedChunk) => string | number | null) => sql.param(chunks.map(read));
  await transaction.execute(sql`
    insert into index_chunks (workspace_id, lineage_id, chunk_id, document, ordinal, text, start_offset, end_offset,
      headings, page, tokens, added_generation)
    select ${at.workspace}, ${lineage}::int, ${firstId}::bigint + place - 1, ${document}::bigint, ordinal, text,
      start_offset, end_offset, headings::jsonb, page, tokens, ${at.generation}::int
    from unnest(
      ${column((chunk) => chunk.ordinal)}::int[], ${column((chunk) => cleanText(chunk.text))}::text[],
      ${column((chunk) => chunk.start)}::int[], ${column((chunk) => chunk.end)}::int[],
      ${column((chunk) => JSON.stringify(cleanJson(chunk.headings)))}::text[],
      ${column((chunk) => chunk.page)}::int[], ${column((chunk) => chunk.tokens)}::int[]
    ) with ordinality as chunk(ordinal, text, start_offset, end_offset, headings, page, tokens, place)`);
  await transaction.execute(sql`
    insert into index_vectors (workspace_id, lineage_id, chunk_id, added_generation, embedding)
    select ${at.workspace}, ${lineage}::int, ${firstId}::bigint + place - 1, ${at.generation}::int, embedding::vector
    from unnest(${column((chunk) => formatVector(chunk.vector))}::text[]) with ordinality as chunk(embedding, place)`);
}

async function forgetFailure(
  transaction: Database,
  lineage: number,
  generation: number,
  document: string,
): Promise<void> {
  await transaction
    .delete(indexFailures)
    .where(
      and(
        eq(indexFailures.lineageId, lineage),
        eq(indexFailures.generation, generation),
        eq(indexFailures.documentId, cleanText(document)),
      ),
    );
}

function whereCurrent(lineage: number, document: string) {
  return and(
    eq(indexDocuments.lineageId, lineage),
    eq(indexDocuments.documentId, document),
    isNull(indexDocuments.removedGeneration),
  );
}
