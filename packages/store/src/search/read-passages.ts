import type { Metadata, ScoredPassage } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { formatVector } from '../schema/columns.ts';
import type { GenerationView } from './generation-view.ts';

/** A chunk as searches give it back; `cosine` where a vector was given to compare with. */
export type PassageRow = Omit<ScoredPassage, 'score'> & { readonly cosine: number | null };

/** Chunks by id, with what their documents say of them. */
export async function readPassages(
  database: Database,
  view: GenerationView,
  chunkIds: readonly number[],
  vector: Float32Array | null,
): Promise<ReadonlyMap<number, PassageRow>> {
  if (chunkIds.length === 0) return new Map();
  const ids = sql.param(chunkIds);
  const cosine =
    vector === null
      ? sql`null::float8`
      : sql`(select 1 - (embedding <=> ${formatVector(vector)}::vector) from index_vectors
          where lineage_id = chunk.lineage_id and chunk_id = chunk.chunk_id)`;
  const rows = await selectRows<PassageRow & { readonly metadata: Metadata }>(
    database,
    sql`
      select chunk.chunk_id::float8 as "chunkId", document.document_id as "documentId",
        document.name as "documentName", chunk.ordinal, chunk.text, chunk.start_offset as "start",
        chunk.end_offset as "end", chunk.headings, chunk.page, document.metadata, ${cosine} as cosine
      from index_chunks chunk join index_documents document on document.id = chunk.document
      where chunk.lineage_id = ${view.lineage.id} and chunk.chunk_id = any(${ids}::bigint[])`,
  );
  return new Map(rows.map((row) => [row.chunkId, row]));
}
