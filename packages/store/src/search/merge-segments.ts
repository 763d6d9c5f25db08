import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { findDatabaseCode } from '../database/database-error.ts';
import type { LineageRow } from './lineages.ts';

type SegmentSize = { readonly id: number; readonly firstChunk: number; readonly chunks: number };

/** So many neighbours of about one size become one; a segment is rewritten once for each such step in size. */
const fanIn = 8;
/** Segments of this many chunks are not merged any more: a merge stays short, and a search still reads few rows. */
const finalSize = 16_384;
const termsPerStatement = 500;
/** Far longer than a search takes between reading the list of segments and reading their postings. */
const graceMinutes = 10;

/**
 * Merges small neighbouring segments until there are few, and takes away those that retired a while ago. Postings never
 * know of removals and chunk ids never change, so readers of every generation read merged segments as they read the old
 * ones.
 */
export async function mergeSegments(database: Database, lineage: LineageRow, signal: AbortSignal): Promise<void> {
  await database.execute(sql`
    delete from lexical_segments where lineage_id = ${lineage.id} and state = 'retired'
      and retired_at < now() - make_interval(mins => ${graceMinutes})`);
  for (;;) {
    const group = chooseGroup(await listSegments(database, lineage.id));
    if (group === null) return;
    signal.throwIfAborted();
    if (!(await mergeGroup(database, lineage.id, group, signal))) return;
  }
}

/**
 * The newest run of neighbours worth merging, or null. Sizes go in steps of `fanIn`. The newest segment takes in smaller
 * ones before it, so that steps never rise; and of each step there are fewer than `fanIn`. So there are few segments
 * besides those of the final size, and each chunk is written about once for each step.
 */
export function chooseGroup(segments: readonly SegmentSize[]): readonly SegmentSize[] | null {
  const newest = segments.at(-1);
  if (newest === undefined || newest.chunks >= finalSize) return null;
  const smaller = runOf(segments.slice(0, -1), stepOf(newest) - 1);
  if (smaller.length > 0) return [...smaller, newest];
  const run = runOf(segments, stepOf(newest));
  return run.length < fanIn ? null : takeUpTo(run, finalSize * 2);
}

/** The last segments, as far as none is above a step. */
function runOf(segments: readonly SegmentSize[], step: number): readonly SegmentSize[] {
  return segments.slice(segments.findLastIndex((segment) => stepOf(segment) > step) + 1);
}

function stepOf({ chunks }: SegmentSize): number {
  return chunks >= finalSize ? Number.POSITIVE_INFINITY : Math.floor(Math.log(chunks) / Math.log(fanIn));
}

function takeUpTo(run: readonly SegmentSize[], most: number): readonly SegmentSize[] | null {
  let sum = 0;
  const taken: SegmentSize[] = [];
  for (const segment of run) {
    sum += segment.chunks;
    if (sum > most) break;
    taken.push(segment);
  }
  return taken.length > 1 ? taken : null;
}

function listSegments(database: Database, lineage: number): Promise<readonly SegmentSize[]> {
  return selectRows<SegmentSize>(
    database,
    sql`
      select id::float8 as id, first_chunk::float8 as "firstChunk", chunks
      from lexical_segments where lineage_id = ${lineage} and state = 'live' order by first_chunk`,
  );
}

/** False where somebody else was at it: then it is theirs to go on. */
async function mergeGroup(
  database: Database,
  lineage: number,
  group: readonly SegmentSize[],
  signal: AbortSignal,
): Promise<boolean> {
  const revision = await lockRevision(database, lineage);
  const sources = sql.param(group.map((segment) => segment.id));
  const rows = await selectRows<{ id: number }>(
    database,
    sql`
      insert into lexical_segments (workspace_id, lineage_id, state, first_chunk, chunks, lengths)
      select workspace_id, lineage_id, 'draft', min(first_chunk), sum(chunks),
        string_agg(lengths, ''::bytea order by first_chunk)
      from lexical_segments where id = any(${sources}::bigint[]) group by workspace_id, lineage_id
      returning id::float8 as id`,
  );
  const merged = rows[0]?.id;
  if (merged === undefined) return false;
  try {
    await copyPostings(database, merged, sources, signal);
    return await replaceSegments(database, { lineage, revision, merged, sources, count: group.length });
  } catch (error) {
    // The draft was taken away under us, by whoever opened the next generation.
    if (findDatabaseCode(error) === '23503') return false;
    throw error;
  }
}

/** In slices of terms, so that no statement takes long. */
async function copyPostings(
  database: Database,
  merged: number,
  sources: ReturnType<typeof sql.param>,
  signal: AbortSignal,
): Promise<void> {
  for (let after = ''; ; ) {
    signal.throwIfAborted();
    const upTo = await findSliceEnd(database, sources, after);
    if (upTo === null) return;
    await database.execute(sql`
      insert into lexical_postings (workspace_id, segment_id, term, chunks, packed)
      select posting.workspace_id, ${merged}::bigint, term, sum(posting.chunks),
        string_agg(packed, ''::bytea order by segment.first_chunk)
      from lexical_segments segment cross join lateral (
        select * from lexical_postings where segment_id = segment.id and term > ${after} and term <= ${upTo}) posting
      where segment.id = any(${sources}::bigint[])
      group by posting.workspace_id, term`);
    after = upTo;
  }
}

/** The last term of the next slice: no source has more than so many terms up to there. Null at the end. */
async function findSliceEnd(
  database: Database,
  sources: ReturnType<typeof sql.param>,
  after: string,
): Promise<string | null> {
  const rows = await selectRows<{ upTo: string | null }>(
    database,
    sql`
      with slices as (
        select case when count(*) = ${termsPerStatement} then max(term) end as full_to, max(term) as last
        from unnest(${sources}::bigint[]) as source(id) cross join lateral (
          select term from lexical_postings where segment_id = source.id and term > ${after}
          order by term limit ${termsPerStatement}) slice
        group by source.id)
      select coalesce(min(full_to), max(last)) as "upTo" from slices`,
  );
  return rows[0]?.upTo ?? null;
}

type Merge = {
  readonly lineage: number;
  /** The lineage's, when the merge began. */
  readonly revision: number | null;
  readonly merged: number;
  readonly sources: ReturnType<typeof sql.param>;
  readonly count: number;
};

/**
 * False where a source has retired or the draft has gone meanwhile, and where postings were taken out of the sources,
 * which the draft may still hold.
 */
function replaceSegments(database: Database, merge: Merge): Promise<boolean> {
  return database.transaction(async (transaction) => {
    if ((await lockRevision(transaction, merge.lineage)) !== merge.revision) {
      await transaction.execute(sql`delete from lexical_segments where id = ${merge.merged} and state = 'draft'`);
      return false;
    }
    const there = await selectRows(
      transaction,
      sql`
        select 1 from lexical_segments
        where (id = any(${merge.sources}::bigint[]) and state = 'live') or (id = ${merge.merged} and state = 'draft')
        for update`,
    );
    if (there.length <= merge.count) return false;
    await transaction.execute(sql`
      update lexical_segments set state = 'retired', retired_at = now() where id = any(${merge.sources}::bigint[])`);
    await transaction.execute(sql`update lexical_segments set state = 'live' where id = ${merge.merged}`);
    return true;
  });
}

/** Within a transaction nobody takes rows out of the lineage until its end. Null where there is no such lineage. */
async function lockRevision(database: Database, lineage: number): Promise<number | null> {
  const [row] = await selectRows<{ revision: number }>(
    database,
    sql`select revision from index_lineages where id = ${lineage} for share`,
  );
  return row?.revision ?? null;
}
