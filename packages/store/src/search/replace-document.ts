import { canonicaliseJson } from '@kumiki/flow';
import type { DocumentHead, EmbeddedChunk, ErrorReport, IndexSnapshot, Metadata } from '@kumiki/node-sdk';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { formatVector } from '../schema/columns.ts';
import { indexDocuments, indexFailures } from '../schema/tables.ts';
import { lockGeneration, refuseTakenOver, removeDocuments } from './generations.ts';
import { checkDimensions, type LineageRow } from './lineages.ts';

const rowsPerStatement = 500;

type DocumentWrite = {
  readonly owner: string;
  readonly document: DocumentHead;
  readonly chunks: readonly EmbeddedChunk[];
  readonly signal: AbortSignal;
};

/**
 * Puts a document into the open generation in place of what it held of it, in one transaction. Gives the id below which
 * all chunks of the lineage are. A document that is there already, with the same content, stays as it is.
 *
 * Few statements, each for many rows: with small documents, it is the statements that take the time.
 */
export function replaceDocument(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  { owner, document, chunks, signal }: DocumentWrite,
): Promise<{ readonly nextChunk: number }> {
  for (const chunk of chunks) checkDimensions(lineage, chunk.vector);
  const head = { ...document, id: cleanText(document.id), name: cleanText(document.name) };
  return database.transaction(async (transaction) => {
    const current = await lockAndFind(transaction, lineage.id, at, { owner, document: head.id });
    if (isUnchanged(current, head, chunks.length)) {
      await transaction.update(indexDocuments).set({ leaving: false }).where(eq(indexDocuments.id, current.id));
      return { nextChunk: current.nextChunk };
    }
    if (current.id !== null) {
      await removeDocuments(transaction, lineage.id, at.generation, sql`${indexDocuments.id} = ${current.id}`);
    }
    const { row, nextChunk } = await insertDocument(transaction, lineage.id, at, head, chunks);
    const firstChunk = nextChunk - chunks.length;
    for (let start = rowsPerStatement; start < chunks.length; start += rowsPerStatement) {
      signal.throwIfAborted();
      const slice = chunks.slice(start, start + rowsPerStatement);
      await transaction.execute(sql`
        with ${chunkRows(lineage.id, at, sql`${row}::bigint`, sql`${firstChunk + start}::bigint`, slice)} select 1`);
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
    await transaction
      .update(indexDocuments)
      .set({ leaving: false })
      .where(
        and(
          eq(indexDocuments.lineageId, lineage.id),
          eq(indexDocuments.documentId, documentId),
          isNull(indexDocuments.removedGeneration),
        ),
      );
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

type CurrentDocument = {
  readonly whole: boolean;
  readonly nextChunk: number;
  /** Null where the newest state holds nothing of the document. */
  readonly id: number | null;
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly contentHash: string | null;
  readonly metadata: Metadata | null;
  readonly chunks: number | null;
};

/** Locks the open generation for its owner, finds what it holds of a document, and forgets that it once failed. */
async function lockAndFind(
  transaction: Database,
  lineage: number,
  at: IndexSnapshot,
  of: { readonly owner: string; readonly document: string },
): Promise<CurrentDocument> {
  const [found] = await selectRows<CurrentDocument>(
    transaction,
    sql`
      with forgotten as (
        delete from index_failures
        where lineage_id = ${lineage} and generation = ${at.generation} and document_id = ${of.document})
      select generation.whole, lineage.next_chunk::float8 as "nextChunk", document.id::float8 as id, document.name,
        document.media_type as "mediaType", document.content_hash as "contentHash", document.metadata, document.chunks
      from index_generations generation
      join index_lineages lineage on lineage.id = generation.lineage_id
      left join index_documents document on document.lineage_id = generation.lineage_id
        and document.document_id = ${of.document} and document.removed_generation is null
      where generation.lineage_id = ${lineage} and generation.number = ${at.generation}
        and generation.state = 'open' and generation.owner = ${of.owner}
      for update of generation`,
  );
  if (found === undefined) throw refuseTakenOver();
  return found;
}

/**
 * Where a manifest said what is wanted, the same content makes the same chunks, by the lineage. Where the whole is
 * rebuilt, chunks may depend on other documents, and nothing is kept.
 */
function isUnchanged(
  current: CurrentDocument,
  document: DocumentHead,
  chunks: number,
): current is CurrentDocument & { readonly id: number } {
  return (
    !current.whole &&
    current.id !== null &&
    current.contentHash === document.contentHash &&
    current.name === document.name &&
    current.mediaType === document.mediaType &&
    current.chunks === chunks &&
    isSameMetadata(current.metadata ?? {}, cleanJson(document.metadata))
  );
}

function isSameMetadata(left: Metadata, right: Metadata): boolean {
  return JSON.stringify(canonicaliseJson(left)) === JSON.stringify(canonicaliseJson(right));
}

/** Writes the document and its first chunks. Ids are dense: who takes some waits until those before are committed. */
async function insertDocument(
  transaction: Database,
  lineage: number,
  at: IndexSnapshot,
  document: DocumentHead,
  chunks: readonly EmbeddedChunk[],
): Promise<{ readonly row: number; readonly nextChunk: number }> {
  const first = chunks.slice(0, rowsPerStatement);
  const [inserted] = await selectRows<{ row: number; nextChunk: number }>(
    transaction,
    sql`
      with document as (
        insert into index_documents (workspace_id, lineage_id, document_id, name, media_type, content_hash, metadata,
          chunks, added_generation)
        values (${at.workspace}, ${lineage}, ${document.id}, ${document.name}, ${document.mediaType},
          ${document.contentHash}, ${JSON.stringify(cleanJson(document.metadata))}::jsonb, ${chunks.length},
          ${at.generation})
        returning id),
      allocated as (
        update index_lineages set next_chunk = next_chunk + ${chunks.length}::int where id = ${lineage}
        returning next_chunk),
      ${chunkRows(
        lineage,
        at,
        sql`(select id from document)`,
        sql`(select next_chunk - ${chunks.length}::int from allocated)`,
        first,
      )}
      select document.id::float8 as row, next_chunk::float8 as "nextChunk" from document, allocated`,
  );
  if (inserted === undefined) throw new Error('an insert gave no row back');
  return inserted;
}

/** Two parts of a `with`: the rows of some chunks and their vectors, with ids that begin at `firstId`. */
function chunkRows(
  lineage: number,
  at: IndexSnapshot,
  document: SQL,
  firstId: SQL,
  chunks: readonly EmbeddedChunk[],
): SQL {
  const column = (read: (chunk: EmbeddedChunk) => string | number | null) => sql.param(chunks.map(read));
  return sql`
    chunk_rows as (
      insert into index_chunks (workspace_id, lineage_id, chunk_id, document, ordinal, text, start_offset, end_offset,
        headings, page, tokens, added_generation)
      select ${at.workspace}, ${lineage}::int, ${firstId} + place - 1, ${document}, ordinal, text, start_offset,
        end_offset, headings::jsonb, page, tokens, ${at.generation}::int
      from unnest(
        ${column((chunk) => chunk.ordinal)}::int[], ${column((chunk) => cleanText(chunk.text))}::text[],
        ${column((chunk) => chunk.start)}::int[], ${column((chunk) => chunk.end)}::int[],
        ${column((chunk) => JSON.stringify(cleanJson(chunk.headings)))}::text[],
        ${column((chunk) => chunk.page)}::int[], ${column((chunk) => chunk.tokens)}::int[]
      ) with ordinality as chunk(ordinal, text, start_offset, end_offset, headings, page, tokens, place)),
    vector_rows as (
      insert into index_vectors (workspace_id, lineage_id, chunk_id, added_generation, embedding)
      select ${at.workspace}, ${lineage}::int, ${firstId} + place - 1, ${at.generation}::int, embedding::vector
      from unnest(${column((chunk) => formatVector(chunk.vector))}::text[]) with ordinality as chunk(embedding, place))`;
}
