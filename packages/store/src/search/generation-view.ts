import type { IndexLocation, IndexSnapshot } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { type LineageRow, readLineage, readVisibleGeneration } from './lineages.ts';
import { entryOverhead, type SearchCache } from './search-cache.ts';

/** BM25's k1 and b, as they were measured on JaQuAD. */
export const saturation = 1.2;
const lengthWeight = 0.75;

/** What a search needs to know of the generation that it is pinned to. Never changes. */
export type GenerationView = {
  readonly lineage: LineageRow;
  readonly generation: number;
  /** Chunks that it sees: BM25's N. */
  readonly chunks: number;
  /** Its chunks have ids below this; those from here on are of later generations. */
  readonly bound: number;
  /** 1 for each id below the bound that it does not see; null where it sees all. */
  readonly hidden: Uint8Array | null;
  /** For each id: k1 · (1 - b + b · length / average length). */
  readonly norms: Float64Array;
};

/** A live segment: chunks `firstChunk` to `firstChunk + chunks`, the last one left out. */
export type Segment = { readonly id: number; readonly firstChunk: number; readonly chunks: number };

/** Throws `index-unknown`, `index-tokeniser-changed`. */
export async function readView(database: Database, cache: SearchCache, at: IndexSnapshot): Promise<GenerationView> {
  const lineage = await readKnownLineage(database, cache, at);
  const key = `${lineage.id}/${at.generation}`;
  const known = cache.views.get(key);
  if (known !== undefined) return known;

  const { chunks, chunkBound: bound, terms } = await readVisibleGeneration(database, lineage, at);
  const hidden = await readHidden(database, lineage.id, at.generation, bound);
  const norms = await readNorms(database, cache, { lineage: lineage.id, bound, averageLength: terms / chunks });
  const view = { lineage, generation: at.generation, chunks, bound, hidden, norms };
  cache.views.set(key, view, norms.byteLength + (hidden?.byteLength ?? 0) + entryOverhead);
  return view;
}

/** What a lineage is never changes, so it is read once. Throws `index-unknown`, `index-tokeniser-changed`. */
export async function readKnownLineage(database: Database, cache: SearchCache, at: IndexLocation): Promise<LineageRow> {
  const name = JSON.stringify([at.workspace, at.lineage]);
  const lineage = cache.lineages.get(name) ?? (await readLineage(database, at));
  cache.lineages.set(name, lineage);
  return lineage;
}

/** Live segments that hold chunks below a bound, in the order of their chunks. Asked anew each time: merging moves them. */
export function listSegments(database: Database, lineage: number, bound: number): Promise<readonly Segment[]> {
  return selectRows<Segment>(
    database,
    sql`
      select id::float8 as id, first_chunk::float8 as "firstChunk", chunks from lexical_segments
      where lineage_id = ${lineage} and state = 'live' and first_chunk < ${bound} order by first_chunk`,
  );
}

async function readHidden(
  database: Database,
  lineage: number,
  generation: number,
  bound: number,
): Promise<Uint8Array | null> {
  const removed = await selectRows<{ id: number }>(
    database,
    sql`
      select chunk_id::float8 as id from index_chunks
      where lineage_id = ${lineage} and removed_generation <= ${generation} and chunk_id < ${bound}`,
  );
  if (removed.length === 0) return null;
  const hidden = new Uint8Array(bound);
  for (const { id } of removed) hidden[id] = 1;
  return hidden;
}

async function readNorms(
  database: Database,
  cache: SearchCache,
  of: { readonly lineage: number; readonly bound: number; readonly averageLength: number },
): Promise<Float64Array> {
  const norms = new Float64Array(of.bound);
  const segments = await listSegments(database, of.lineage, of.bound);
  const lengths = await readLengths(database, cache, segments);
  for (const segment of segments) {
    for (const [place, length] of lengths.get(segment.id)?.entries() ?? []) {
      norms[segment.firstChunk + place] = saturation * (1 - lengthWeight + (lengthWeight * length) / of.averageLength);
    }
  }
  return norms;
}

async function readLengths(
  database: Database,
  cache: SearchCache,
  segments: readonly Segment[],
): Promise<ReadonlyMap<number, Uint32Array>> {
  const lengths = new Map<number, Uint32Array>();
  const missing: number[] = [];
  for (const { id } of segments) {
    const known = cache.lengths.get(String(id));
    if (known === undefined) missing.push(id);
    else lengths.set(id, known);
  }
  if (missing.length === 0) return lengths;
  const rows = await selectRows<{ id: number; lengths: Uint8Array }>(
    database,
    sql`select id::float8 as id, lengths from lexical_segments where id = any(${sql.param(missing)}::bigint[])`,
  );
  for (const row of rows) {
    // Copied, since the driver's bytes may begin at any address.
    const unpacked = new Uint32Array(Uint8Array.from(row.lengths).buffer);
    lengths.set(row.id, unpacked);
    cache.lengths.set(String(row.id), unpacked, unpacked.byteLength + entryOverhead);
  }
  return lengths;
}
