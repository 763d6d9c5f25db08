import { sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import type { OpenView } from './generation-view.ts';
import { entryOverhead, type SearchCache } from './search-cache.ts';

/** Postings of a term in one segment, packed. */
export type Postings = { readonly chunks: number; readonly packed: Uint8Array };

type PostingsRow = Postings & { readonly segment: number; readonly term: string };

/** Packed postings of each term, segment by segment in the order of chunk ids. */
export async function readPostings(
  database: Database,
  cache: SearchCache,
  view: OpenView,
  terms: readonly string[],
): Promise<ReadonlyMap<string, readonly Postings[]>> {
  const { segments } = view;
  const found = new Map<string, Postings | null>();
  const missing: { readonly segment: number; readonly term: string }[] = [];
  for (const { id } of segments) {
    for (const term of terms) {
      const key = keyOf(view, id, term);
      const known = cache.postings.get(key);
      if (known === undefined) missing.push({ segment: id, term });
      else found.set(key, known);
    }
  }
  for (const row of await selectPostings(database, missing)) found.set(keyOf(view, row.segment, row.term), row);
  for (const { segment, term } of missing) {
    const key = keyOf(view, segment, term);
    const postings = found.get(key) ?? null;
    cache.postings.set(key, postings, (postings?.packed.length ?? 0) + key.length + entryOverhead);
  }
  return new Map(terms.map((term) => [term, segments.flatMap(({ id }) => found.get(keyOf(view, id, term)) ?? [])]));
}

async function selectPostings(
  database: Database,
  pairs: readonly { readonly segment: number; readonly term: string }[],
): Promise<readonly PostingsRow[]> {
  if (pairs.length === 0) return [];
  return selectRows<PostingsRow>(
    database,
    sql`
      select segment_id::float8 as segment, term, chunks, packed
      from unnest(${sql.param(pairs.map((pair) => pair.segment))}::bigint[],
        ${sql.param(pairs.map((pair) => pair.term))}::text[]) as asked(segment_id, term)
      join lexical_postings using (segment_id, term)`,
  );
}

function keyOf({ revision }: OpenView, segment: number, term: string): string {
  return `${segment}/${revision}/${term}`;
}
