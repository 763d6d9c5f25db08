import { type SQL, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { packVector } from '../queries/embedding-cache.ts';
import { createPostings, PostingsWriter, type UnpackedPostings, unpackPostings } from './postings.ts';
import { countTerms, tokeniserVersion } from './tokenise.ts';

type Lineage = { readonly id: number; readonly tokeniser: number };
type PurgedChunk = { readonly id: number; readonly text: string };
type PostingsRow = { readonly term: string; readonly packed: Uint8Array };

const rowsPerStatement = 500;
const everyId = 2 ** 30;

/** Took 0.3 to 0.6 s on the embedded database in an index of 10,000 chunks; it does nothing else meanwhile. */
const chunksPerTransaction = 50;

export type Purged = { readonly documents: number; readonly chunks: number };

/**
 * Purges those documents of a lineage that a condition on `index_documents` chooses, some in each transaction; gives how
 * many went in all. `hold` begins each transaction: it locks the lineage, and says whether the time is right; where not,
 * it is asked again.
 */
export async function purgeWhere(
  database: Database,
  lineage: Lineage,
  { which, hold }: { readonly which: SQL; readonly hold: (transaction: Database) => Promise<boolean> },
  signal: AbortSignal,
): Promise<Purged> {
  const all = { documents: 0, chunks: 0 };
  for (;;) {
    signal.throwIfAborted();
    const purged = await database.transaction(async (transaction) =>
      (await hold(transaction)) ? purgeNext(transaction, lineage, which) : null,
    );
    if (purged === null) continue;
    if (purged.documents === 0) return all;
    all.documents += purged.documents;
    all.chunks += purged.chunks;
  }
}

async function purgeNext(transaction: Database, lineage: Lineage, which: SQL): Promise<Purged> {
  const rows = await selectRows<{ id: number }>(
    transaction,
    sql`
      select id from (
        select id::float8 as id, coalesce(sum(chunks) over (
          order by id rows between unbounded preceding and 1 preceding), 0) as before
        from (
          select id, chunks from index_documents where lineage_id = ${lineage.id} and ${which}
          order by id limit ${chunksPerTransaction}) first) listed
      where before < ${chunksPerTransaction} order by id`,
  );
  if (rows.length === 0) return { documents: 0, chunks: 0 };
  await beginPurge(transaction, lineage.id);
  return purgeDocuments(
    transaction,
    lineage,
    rows.map(({ id }) => id),
  );
}

/**
 * Takes documents out of a lineage as if they had never been there: rows, vectors, postings and cached vectors go, and
 * every generation counts what it is left with. Whoever searches sees another revision from then on.
 *
 * Within a transaction that holds the lineage. A segment's postings are rewritten in their place, which is why nothing
 * else may rewrite them meanwhile.
 */
async function purgeDocuments(transaction: Database, lineage: Lineage, documents: readonly number[]): Promise<Purged> {
  const ids = sql.param(documents);
  await transaction.execute(sql`
    update index_generations generation
    set documents = generation.documents - seen.documents, chunks = generation.chunks - seen.chunks,
      terms = generation.terms - seen.terms
    from (
      select number, count(*)::int as documents, sum(document.chunks)::int as chunks, sum(document.terms)::int as terms
      from index_generations join index_documents document on document.lineage_id = index_generations.lineage_id
        and added_generation <= number and (removed_generation is null or removed_generation > number)
      where index_generations.lineage_id = ${lineage.id} and state = 'visible' and document.id = any(${ids}::bigint[])
      group by number) seen
    where generation.lineage_id = ${lineage.id} and generation.number = seen.number`);
  const chunks = await selectRows<PurgedChunk>(
    transaction,
    sql`
      select chunk_id::float8 as id, text from index_chunks
      where lineage_id = ${lineage.id} and document = any(${ids}::bigint[]) order by chunk_id`,
  );
  await purgePostings(transaction, lineage, chunks);
  await purgeVectors(
    transaction,
    lineage.id,
    chunks.map(({ id }) => id),
  );
  // Their chunks go with them.
  await transaction.execute(sql`delete from index_documents where id = any(${ids}::bigint[])`);
  return { documents: documents.length, chunks: chunks.length };
}

/**
 * Locks a lineage for a purge. Half-written and retired segments go, since they hold what is to go: whoever writes or
 * merges one notices.
 */
async function beginPurge(transaction: Database, lineage: number): Promise<void> {
  await transaction.execute(sql`update index_lineages set revision = revision + 1 where id = ${lineage}`);
  await transaction.execute(sql`delete from lexical_segments where lineage_id = ${lineage} and state <> 'live'`);
}

async function purgePostings(transaction: Database, lineage: Lineage, chunks: readonly PurgedChunk[]): Promise<void> {
  const gone = new Set(chunks.map(({ id }) => id));
  const segments = await selectRows<{ id: number }>(
    transaction,
    sql`
      select id::float8 as id from lexical_segments segment
      where lineage_id = ${lineage.id} and exists (
        select from unnest(${sql.param([...gone])}::bigint[]) as gone(id)
        where gone.id >= first_chunk and gone.id < first_chunk + segment.chunks)`,
  );
  // Another version of Kumiki may have split the texts otherwise: then any term may be theirs.
  const terms =
    lineage.tokeniser === tokeniserVersion
      ? [...new Set(chunks.flatMap(({ text }) => [...countTerms(text).keys()]))].sort()
      : null;
  const room = createPostings();
  for (const { id } of segments) {
    for await (const rows of readSlices(transaction, id, terms))
      await rewritePostings(transaction, { id, gone, room }, rows);
  }
}

/** The postings of some terms, or of all, in slices. */
async function* readSlices(
  transaction: Database,
  segment: number,
  terms: readonly string[] | null,
): AsyncGenerator<readonly PostingsRow[]> {
  if (terms !== null) {
    for (let start = 0; start < terms.length; start += rowsPerStatement) {
      yield await selectRows<PostingsRow>(
        transaction,
        sql`
          select term, packed from lexical_postings where segment_id = ${segment}
            and term = any(${sql.param(terms.slice(start, start + rowsPerStatement))}::text[])`,
      );
    }
    return;
  }
  for (let after = ''; ; ) {
    const rows = await selectRows<PostingsRow>(
      transaction,
      sql`
        select term, packed from lexical_postings where segment_id = ${segment} and term > ${after}
        order by term limit ${rowsPerStatement}`,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.term;
  }
}

async function rewritePostings(
  transaction: Database,
  { id, gone, room }: { readonly id: number; readonly gone: ReadonlySet<number>; readonly room: UnpackedPostings },
  rows: readonly PostingsRow[],
): Promise<void> {
  const left: { readonly term: string; readonly writer: PostingsWriter }[] = [];
  const empty: string[] = [];
  for (const { term, packed } of rows) {
    const writer = dropPostings(packed, gone, room);
    if (writer.count === room.count) continue;
    if (writer.count === 0) empty.push(term);
    else left.push({ term, writer });
  }
  if (empty.length > 0) {
    await transaction.execute(sql`
      delete from lexical_postings where segment_id = ${id} and term = any(${sql.param(empty)}::text[])`);
  }
  if (left.length === 0) return;
  // In hexadecimal digits, since the drivers do not agree on how to send an array of bytes.
  await transaction.execute(sql`
    update lexical_postings set chunks = rest.chunks, packed = decode(rest.packed, 'hex')
    from unnest(
      ${sql.param(left.map(({ term }) => term))}::text[], ${sql.param(left.map(({ writer }) => writer.count))}::int[],
      ${sql.param(left.map(({ writer }) => Buffer.from(writer.pack()).toString('hex')))}::text[])
      as rest(term, chunks, packed)
    where segment_id = ${id} and lexical_postings.term = rest.term`);
}

/** Leaves in `room` what was there, and gives what stays. */
function dropPostings(packed: Uint8Array, gone: ReadonlySet<number>, room: UnpackedPostings): PostingsWriter {
  const writer = new PostingsWriter();
  room.count = 0;
  unpackPostings(packed, everyId, room);
  for (let place = 0; place < room.count; place++) {
    const chunk = room.ids[place] ?? 0;
    if (!gone.has(chunk)) writer.add(chunk, room.frequencies[place] ?? 0);
  }
  return writer;
}

/** Of cached vectors, those that are the very same: what text they were made of is not known here. */
async function purgeVectors(transaction: Database, lineage: number, chunks: readonly number[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += rowsPerStatement) {
    const slice = sql.param(chunks.slice(start, start + rowsPerStatement));
    const vectors = await selectRows<{ embedding: string }>(
      transaction,
      sql`
        delete from index_vectors where lineage_id = ${lineage} and chunk_id = any(${slice}::bigint[])
        returning embedding::text as embedding`,
    );
    const packed = vectors.map(({ embedding }) => packVector(Float32Array.from(JSON.parse(embedding))).toString('hex'));
    await transaction.execute(sql`
      delete from embedding_cache cached using index_lineages lineage,
        unnest(${sql.param(packed)}::text[]) as purged(vector)
      where lineage.id = ${lineage} and cached.workspace_id = lineage.workspace_id
        and cached.model = lineage.embedding_model ->> 'digest' and cached.vector = decode(purged.vector, 'hex')`);
  }
}
