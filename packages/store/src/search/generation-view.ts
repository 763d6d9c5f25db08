import type { IndexLocation, IndexSnapshot } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { type LineageRow, readLineage, readVisibleGeneration } from './lineages.ts';
import { entryOverhead, type SearchCache } from './search-cache.ts';

/** BM25's k1 and b, as they were measured on JaQuAD. */
export const saturation = 1.2;
const lengthWeight = 0.75;

/** What a search needs to know of the generation that it is pinned to. Never changes within a revision. */
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

/** A view, and the segments that hold the postings of its chunks at this moment: merging moves them. */
export type OpenView = GenerationView & { readonly revision: number; readonly segments: readonly Segment[] };

/** Throws `index-unknown`, `index-tokeniser-changed`. */
export async function openView(database: Database, cache: SearchCache, at: IndexSnapshot): Promise<OpenView> {
  const { lineage, revision, segments } = await readSegments(database, cache, at);
  const key = `${lineage.id}/${revision}/${at.generation}`;
  const view = cache.views.get(key) ?? (await readView(database, cache, at, { lineage, segments }));
  cache.views.set(key, view, view.norms.byteLength + (view.hidden?.byteLength ?? 0) + entryOverhead);
  return { ...view, revision, segments: segments.filter(({ firstChunk }) => firstChunk < view.bound) };
}

async function readView(
  database: Database,
  cache: SearchCache,
  at: IndexSnapshot,
  { lineage, segments }: { readonly lineage: LineageRow; readonly segments: readonly Segment[] },
): Promise<GenerationView> {
  const { chunks, chunkBound: bound, terms } = await readVisibleGeneration(database, lineage, at);
  const hidden = await readHidden(database, lineage.id, at.generation, bound);
  const norms = await readNorms(database, cache, { segments, bound, averageLength: terms / chunks });
  return { lineage, generation: at.generation, chunks, bound, hidden, norms };
}

/** What a lineage is never changes, so it is read once. Throws `index-unknown`, `index-tokeniser-changed`. */
export async function readKnownLineage(database: Database, cache: SearchCache, at: IndexLocation): Promise<LineageRow> {
  const name = nameLineage(at);
  const lineage = cache.lineages.get(name) ?? (await readLineage(database, at));
  cache.lineages.set(name, lineage);
  return lineage;
}

/**
 * The live segments of a lineage, in the order of their chunks, and its revision. Asked anew for each search. One that
 * is another revision than the last time has lost rows that nobody may see any more: nothing of it is remembered.
 */
async function readSegments(
  database: Database,
  cache: SearchCache,
  at: IndexLocation,
): Promise<{ readonly lineage: LineageRow; readonly revision: number; readonly segments: readonly Segment[] }> {
  const lineage = await readKnownLineage(database, cache, at);
  const rows = await selectRows<{ revision: number; id: number | null; firstChunk: number; chunks: number }>(
    database,
    sql`
      select lineage.revision, segment.id::float8 as id, segment.first_chunk::float8 as "firstChunk", segment.chunks
      from index_lineages lineage
      left join lexical_segments segment on segment.lineage_id = lineage.id and segment.state = 'live'
      where lineage.id = ${lineage.id} and lineage.lineage = ${at.lineage} order by segment.first_chunk`,
  );
  const [first] = rows;
  if (first === undefined) {
    // It was collected, and perhaps made anew since.
    forgetLineage(cache, at);
    return readSegments(database, cache, at);
  }
  const { revision } = first;
  if ((cache.revisions.get(lineage.id) ?? revision) !== revision) {
    cache.views.clear();
    cache.postings.clear();
  }
  cache.revisions.set(lineage.id, revision);
  const segments = rows.flatMap(({ id, firstChunk, chunks }) => (id === null ? [] : [{ id, firstChunk, chunks }]));
  return { lineage, revision, segments };
}

/** Asks the database the next time. */
export function forgetLineage(cache: SearchCache, at: IndexLocation): void {
  cache.lineages.delete(nameLineage(at));
}

function nameLineage(at: IndexLocation): string {
  return JSON.stringify([at.workspace, at.lineage]);
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
  of: { readonly segments: readonly Segment[]; readonly bound: number; readonly averageLength: number },
): Promise<Float64Array> {
  const norms = new Float64Array(of.bound);
  const segments = of.segments.filter(({ firstChunk }) => firstChunk < of.bound);
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
