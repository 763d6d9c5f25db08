import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { createPostings, unpackPostings } from '../search/postings.ts';

/** All rows of an index, without the ids and times that differ from one build to the next. */
export type IndexRows = {
  readonly generations: readonly object[];
  readonly documents: readonly object[];
  readonly failures: readonly object[];
  /** By document and place in it: the chunk, its vector as text, its length in terms. */
  readonly chunks: Readonly<Record<string, object>>;
  /** By term: how often it occurs in which chunk. */
  readonly postings: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

/** The index of the lineage whose embedding model has this digest. Throws where there is not exactly one. */
export async function readIndexRows(database: Database, modelDigest: string): Promise<IndexRows> {
  const lineages = await selectRows<{ id: number }>(
    database,
    sql`select id from index_lineages where embedding_model ->> 'digest' = ${modelDigest}`,
  );
  const [lineage] = lineages;
  if (lineage === undefined || lineages.length > 1) throw new Error(`${lineages.length} lineages of ${modelDigest}`);
  const names = await nameChunks(database, lineage.id);
  return {
    generations: await selectRows(
      database,
      sql`
        select number, state, whole, documents::int, chunks::int, terms::int, chunk_bound::int as bound
        from index_generations where lineage_id = ${lineage.id} order by number`,
    ),
    documents: await selectRows(
      database,
      sql`
        select document_id, name, media_type, content_hash, metadata, chunks, terms, added_generation,
          removed_generation, leaving
        from index_documents where lineage_id = ${lineage.id} order by document_id collate "C", added_generation`,
    ),
    failures: await selectRows(
      database,
      sql`
        select generation, document_id, name, error from index_failures where lineage_id = ${lineage.id}
        order by generation, document_id collate "C"`,
    ),
    chunks: await readChunks(database, lineage.id, names),
    postings: await readAllPostings(database, lineage.id, names),
  };
}

type ChunkNames = ReadonlyMap<number, string>;

async function nameChunks(database: Database, lineage: number): Promise<ChunkNames> {
  const rows = await selectRows<{ id: number; name: string }>(
    database,
    sql`
      select chunk_id::float8 as id, document_id || '#' || document.added_generation || '#' || ordinal as name
      from index_chunks chunk join index_documents document on document.id = chunk.document
      where chunk.lineage_id = ${lineage}`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function readChunks(database: Database, lineage: number, names: ChunkNames): Promise<Record<string, object>> {
  const rows = await selectRows<{ id: number }>(
    database,
    sql`
      select chunk_id::float8 as id, text, start_offset, end_offset, headings, page, tokens,
        chunk.added_generation as added, chunk.removed_generation as removed, vector.added_generation as vector_added,
        vector.removed_generation as vector_removed, embedding::text as embedding
      from index_chunks chunk left join index_vectors vector using (lineage_id, chunk_id)
      where lineage_id = ${lineage}`,
  );
  const lengths = await readLengths(database, lineage);
  return Object.fromEntries(
    rows.map(({ id, ...row }) => [names.get(id) ?? `?${id}`, { ...row, length: lengths.get(id) }]),
  );
}

async function readLengths(database: Database, lineage: number): Promise<ReadonlyMap<number, number>> {
  const segments = await selectRows<{ first: number; lengths: Uint8Array }>(
    database,
    sql`
      select first_chunk::float8 as first, lengths from lexical_segments
      where lineage_id = ${lineage} and state = 'live'`,
  );
  return new Map(
    segments.flatMap(({ first, lengths }) =>
      [...new Uint32Array(Uint8Array.from(lengths).buffer)].map((length, place) => [first + place, length] as const),
    ),
  );
}

async function readAllPostings(database: Database, lineage: number, names: ChunkNames): Promise<IndexRows['postings']> {
  const rows = await selectRows<{ term: string; packed: Uint8Array }>(
    database,
    sql`
      select term, packed from lexical_postings posting join lexical_segments segment on segment.id = segment_id
      where lineage_id = ${lineage} and state = 'live'`,
  );
  const found: Record<string, Record<string, number>> = Object.create(null);
  for (const { term, packed } of rows) {
    const unpacked = createPostings();
    unpackPostings(packed, Number.POSITIVE_INFINITY, unpacked);
    found[term] ??= {};
    for (let place = 0; place < unpacked.count; place++) {
      const id = unpacked.ids[place] ?? -1;
      found[term][names.get(id) ?? `?${id}`] = unpacked.frequencies[place] ?? 0;
    }
  }
  return found;
}
