import { canonicaliseJson } from '@kumiki/flow';
import type {
  DocumentHead,
  EmbeddedChunk,
  ErrorReport,
  IndexedDocument,
  IndexSnapshot,
  Metadata,
} from '@kumiki/node-sdk';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { type Database, selectRows } from '../database/database.ts';
import { formatVector } from '../schema/columns.ts';
import { indexDocuments, indexFailures } from '../schema/tables.ts';
import { lockGeneration, refuseTakenOver, removeDocuments } from './generations.ts';
import { checkDimensions, type LineageRow } from './lineages.ts';

const rowsPerStatement = 500;

type DocumentsWrite = {
  readonly owner: string;
  /** No id occurs twice. */
  readonly documents: readonly IndexedDocument[];
  readonly signal: AbortSignal;
};

/**
 * Puts documents into the open generation in place of what it held of them, in one transaction. Gives the id below which
 * all chunks of the lineage are. A document that is there already, with the same content, stays as it is.
 *
 * Few statements, each for many rows: with small documents, it is the statements that take the time.
 */
export function replaceDocuments(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  { owner, documents, signal }: DocumentsWrite,
): Promise<{ readonly nextChunk: number }> {
  const cleaned = documents.map(({ document, items }) => {
    for (const { vector } of items) checkDimensions(lineage, vector);
    return { document: { ...document, id: cleanText(document.id), name: cleanText(document.name) }, items };
  });
  return database.transaction(async (transaction) => {
    const ids = cleaned.map(({ document }) => document.id);
    const open = await lockAndFind(transaction, lineage.id, at, { owner, ids });
    const current = new Map(open.documents.map((document) => [document.documentId, document]));
    const changed: IndexedDocument[] = [];
    const [kept, replaced]: [number[], number[]] = [[], []];
    for (const one of cleaned) {
      const known = current.get(one.document.id);
      const isKept = known !== undefined && !open.whole && isUnchanged(known, one);
      if (!isKept) changed.push(one);
      if (known !== undefined) (isKept ? kept : replaced).push(known.id);
    }
    if (kept.length > 0) {
      await transaction.update(indexDocuments).set({ leaving: false }).where(inArray(indexDocuments.id, kept));
    }
    if (replaced.length > 0) {
      await removeDocuments(transaction, lineage.id, at.generation, inArray(indexDocuments.id, replaced));
    }
    if (changed.length === 0) return { nextChunk: open.nextChunk };
    return insertDocuments(transaction, lineage.id, at, { documents: changed, signal });
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
  readonly id: number;
  readonly documentId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly contentHash: string;
  readonly metadata: Metadata;
  readonly chunks: number;
};

type OpenGeneration = {
  readonly whole: boolean;
  readonly nextChunk: number;
  /** Those of the newest state. */
  readonly documents: readonly CurrentDocument[];
};

/** Locks the open generation for its owner, finds what it holds of some documents, and forgets that they once failed. */
async function lockAndFind(
  transaction: Database,
  lineage: number,
  at: IndexSnapshot,
  of: { readonly owner: string; readonly ids: readonly string[] },
): Promise<OpenGeneration> {
  const ids = sql`any(${sql.param(of.ids)}::text[])`;
  const [found] = await selectRows<OpenGeneration>(
    transaction,
    sql`
      with forgotten as (
        delete from index_failures
        where lineage_id = ${lineage} and generation = ${at.generation} and document_id = ${ids})
      select generation.whole, lineage.next_chunk::float8 as "nextChunk",
        (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'documentId', document_id, 'name', name,
            'mediaType', media_type, 'contentHash', content_hash, 'metadata', metadata, 'chunks', chunks)), '[]')
          from index_documents
          where lineage_id = ${lineage} and document_id = ${ids} and removed_generation is null) as documents
      from index_generations generation
      join index_lineages lineage on lineage.id = generation.lineage_id
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
function isUnchanged(current: CurrentDocument, { document, items }: IndexedDocument): boolean {
  return (
    current.contentHash === document.contentHash &&
    current.name === document.name &&
    current.mediaType === document.mediaType &&
    current.chunks === items.length &&
    isSameMetadata(current.metadata, cleanJson(document.metadata))
  );
}

function isSameMetadata(left: Metadata, right: Metadata): boolean {
  return JSON.stringify(canonicaliseJson(left)) === JSON.stringify(canonicaliseJson(right));
}

/** Ids of chunks are dense: who takes some waits until those before are committed. */
async function insertDocuments(
  transaction: Database,
  lineage: number,
  at: IndexSnapshot,
  { documents, signal }: { readonly documents: readonly IndexedDocument[]; readonly signal: AbortSignal },
): Promise<{ readonly nextChunk: number }> {
  const total = documents.reduce((sum, { items }) => sum + items.length, 0);
  const column = (read: (head: DocumentHead) => string) => sql.param(documents.map(({ document }) => read(document)));
  const inserted = await selectRows<{ row: number; documentId: string; nextChunk: number }>(
    transaction,
    sql`
      with document as (
        insert into index_documents (workspace_id, lineage_id, document_id, name, media_type, content_hash, metadata,
          chunks, added_generation)
        select ${at.workspace}, ${lineage}::int, id, name, media_type, content_hash, metadata::jsonb, chunks,
          ${at.generation}::int
        from unnest(${column(({ id }) => id)}::text[], ${column(({ name }) => name)}::text[],
          ${column(({ mediaType }) => mediaType)}::text[], ${column(({ contentHash }) => contentHash)}::text[],
          ${column(({ metadata }) => JSON.stringify(cleanJson(metadata)))}::text[],
          ${sql.param(documents.map(({ items }) => items.length))}::int[])
          as given(id, name, media_type, content_hash, metadata, chunks)
        returning id, document_id),
      allocated as (
        update index_lineages set next_chunk = next_chunk + ${total}::int where id = ${lineage} returning next_chunk)
      select document.id::float8 as row, document_id as "documentId", next_chunk::float8 as "nextChunk"
      from document, allocated`,
  );
  const rows = new Map(inserted.map(({ row, documentId }) => [documentId, row]));
  const nextChunk = inserted[0]?.nextChunk;
  if (nextChunk === undefined) throw new Error('an insert gave no row back');
  const placed = documents.flatMap(({ document, items }) =>
    items.map((chunk) => ({ ...chunk, row: rows.get(document.id) ?? null })),
  );
  for (let start = 0; start < total; start += rowsPerStatement) {
    signal.throwIfAborted();
    const firstId = nextChunk - total + start;
    await insertChunks(transaction, lineage, at, { firstId, chunks: placed.slice(start, start + rowsPerStatement) });
  }
  return { nextChunk };
}

type PlacedChunk = EmbeddedChunk & { readonly row: number | null };

/** Rows of chunks and their vectors, with ids that begin at `firstId`. */
async function insertChunks(
  transaction: Database,
  lineage: number,
  at: IndexSnapshot,
  { firstId, chunks }: { readonly firstId: number; readonly chunks: readonly PlacedChunk[] },
): Promise<void> {
  const column = (read: (chunk: PlacedChunk) => string | number | null) => sql.param(chunks.map(read));
  await transaction.execute(sql`
    with chunk_rows as (
      insert into index_chunks (workspace_id, lineage_id, chunk_id, document, ordinal, text, start_offset, end_offset,
        headings, page, tokens, added_generation)
      select ${at.workspace}, ${lineage}::int, ${firstId}::bigint + place - 1, document, ordinal, text, start_offset,
        end_offset, headings::jsonb, page, tokens, ${at.generation}::int
      from unnest(
        ${column((chunk) => chunk.row)}::bigint[],
        ${column((chunk) => chunk.ordinal)}::int[], ${column((chunk) => cleanText(chunk.text))}::text[],
        ${column((chunk) => chunk.start)}::int[], ${column((chunk) => chunk.end)}::int[],
        ${column((chunk) => JSON.stringify(cleanJson(chunk.headings)))}::text[],
        ${column((chunk) => chunk.page)}::int[], ${column((chunk) => chunk.tokens)}::int[]
      ) with ordinality as chunk(document, ordinal, text, start_offset, end_offset, headings, page, tokens, place))
    insert into index_vectors (workspace_id, lineage_id, chunk_id, added_generation, embedding)
    select ${at.workspace}, ${lineage}::int, ${firstId}::bigint + place - 1, ${at.generation}::int, embedding::vector
    from unnest(${column((chunk) => formatVector(chunk.vector))}::text[]) with ordinality as chunk(embedding, place)`);
}
