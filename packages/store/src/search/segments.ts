import type { IndexSnapshot } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import { createBreather } from './breather.ts';
import { lockGeneration, refuseTakenOver } from './generations.ts';
import type { LineageRow } from './lineages.ts';
import { PostingsWriter } from './postings.ts';
import { countTerms } from './tokenise.ts';

/** Chunks that are gathered into one segment. Bounds the memory of a build: some 25 MB for 300 characters each. */
const chunksPerSegment = 4_096;
const fewestPerSegment = 256;

/**
 * How many chunks wait for the next segment, where the segments reach so far. It grows with the index: there are few
 * segments, and little is left to be written at the end of a build, when the embedding model has nothing to do.
 */
export function chooseSegmentSize(reach: number): number {
  return Math.min(chunksPerSegment, Math.max(fewestPerSegment, reach));
}

/** Some 20 ms on the embedded database, which answers nothing else meanwhile. */
const postingsPerStatement = 1_000;

type WaitingChunk = { readonly id: number; readonly document: number; readonly text: string; readonly gone: boolean };

/**
 * Writes the postings of the next chunks that no segment covers yet. Gives how far the segments reach now. The rows are
 * written as a draft by short statements, so that requests come between them, and go live in one short transaction.
 */
export async function writeNextSegment(
  database: Database,
  lineage: LineageRow,
  at: IndexSnapshot,
  owner: string,
  signal: AbortSignal,
): Promise<{ readonly reach: number; readonly written: number }> {
  const firstChunk = await findReach(database, lineage.id);
  const chunks = await selectRows<WaitingChunk>(
    database,
    sql`
      select chunk_id::float8 as id, document::float8 as document, text, removed_generation is not null as gone
      from index_chunks where lineage_id = ${lineage.id} and chunk_id >= ${firstChunk}
      order by chunk_id limit ${chunksPerSegment}`,
  );
  if (chunks.length === 0) return { reach: firstChunk, written: 0 };
  const { postings, lengths, termsOfDocument } = await gatherPostings(chunks, signal);

  const segment = await insertDraft(database, { at, lineage: lineage.id, firstChunk, lengths });
  try {
    await insertPostings(database, { workspace: at.workspace, segment, postings, signal });
  } catch (error) {
    // The draft was taken away, with the generation: whoever did so has to be sure that nothing of it comes back.
    throw findDatabaseCode(error) === '23503' ? refuseTakenOver() : error;
  }
  await database.transaction(async (transaction) => {
    await lockGeneration(transaction, lineage.id, at.generation, owner);
    await transaction.execute(sql`update lexical_segments set state = 'live' where id = ${segment}`);
    await transaction.execute(sql`
      update index_documents set terms = index_documents.terms + counted.terms
      from unnest(${sql.param([...termsOfDocument.keys()])}::bigint[], ${sql.param([...termsOfDocument.values()])}::int[])
        as counted(id, terms)
      where index_documents.id = counted.id`);
  });
  return { reach: firstChunk + chunks.length, written: chunks.length };
}

/** The first chunk id that no live segment covers. */
export async function findReach(database: Database, lineage: number): Promise<number> {
  const rows = await selectRows<{ reach: number }>(
    database,
    sql`
      select coalesce(max(first_chunk + chunks), 0)::float8 as reach
      from lexical_segments where lineage_id = ${lineage} and state = 'live'`,
  );
  return rows[0]?.reach ?? 0;
}

async function gatherPostings(chunks: readonly WaitingChunk[], signal: AbortSignal) {
  const breathe = createBreather(signal);
  const postings = new Map<string, PostingsWriter>();
  const lengths = new Uint32Array(chunks.length);
  const termsOfDocument = new Map<number, number>();
  for (const [place, chunk] of chunks.entries()) {
    await breathe();
    // Replaced again before anybody could see it: it keeps its place, and nothing finds it.
    if (chunk.gone) continue;
    let length = 0;
    for (const [term, frequency] of countTerms(chunk.text)) {
      length += frequency;
      let writer = postings.get(term);
      if (writer === undefined) {
        writer = new PostingsWriter();
        postings.set(term, writer);
      }
      writer.add(chunk.id, frequency);
    }
    lengths[place] = length;
    termsOfDocument.set(chunk.document, (termsOfDocument.get(chunk.document) ?? 0) + length);
  }
  return { postings, lengths, termsOfDocument };
}

async function insertDraft(
  database: Database,
  draft: { readonly at: IndexSnapshot; readonly lineage: number; readonly firstChunk: number; lengths: Uint32Array },
): Promise<number> {
  const { at, lineage, firstChunk, lengths } = draft;
  const rows = await selectRows<{ id: number }>(
    database,
    sql`
      insert into lexical_segments (workspace_id, lineage_id, state, first_chunk, chunks, lengths)
      values (${at.workspace}, ${lineage}, 'draft', ${firstChunk}, ${lengths.length}, ${Buffer.from(lengths.buffer)})
      returning id::float8 as id`,
  );
  return rows[0]?.id ?? 0;
}

async function insertPostings(
  database: Database,
  rows: {
    readonly workspace: string;
    readonly segment: number;
    readonly postings: ReadonlyMap<string, PostingsWriter>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  // In the order of the table's key, so that its pages fill up one after the other.
  const terms = [...rows.postings.keys()].sort();
  for (let start = 0; start < terms.length; start += postingsPerStatement) {
    rows.signal.throwIfAborted();
    const slice = terms.slice(start, start + postingsPerStatement);
    const writers = slice.flatMap((term) => rows.postings.get(term) ?? []);
    // In hexadecimal digits, since the drivers do not agree on how to send an array of bytes.
    await database.execute(sql`
      insert into lexical_postings (workspace_id, segment_id, term, chunks, packed)
      select ${rows.workspace}, ${rows.segment}::bigint, term, chunks, decode(packed, 'hex')
      from unnest(
        ${sql.param(slice)}::text[], ${sql.param(writers.map((writer) => writer.count))}::int[],
        ${sql.param(writers.map((writer) => Buffer.from(writer.pack()).toString('hex')))}::text[]) as posting(term, chunks, packed)`);
  }
}
