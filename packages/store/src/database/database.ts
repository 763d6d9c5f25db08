import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as tables from '../schema/tables.ts';

/** A Drizzle handle or a transaction, on either database. Queries take one of these and do not ask which. */
export type Database = PgDatabase<PgQueryResultHKT, typeof tables>;

/**
 * Rows of a statement that Drizzle's builder cannot say. Both drivers speak here, so a statement casts what they would
 * read differently: `bigint` to `float8`, and times not at all.
 */
export async function selectRows<Row extends Record<string, unknown>>(
  database: Database,
  statement: SQL,
): Promise<readonly Row[]> {
  const result: unknown = await database.execute(statement);
  // The edge to the drivers: postgres gives the rows themselves, PGlite an object that holds them. What a row looks
  // like is said by the statement's own select list.
  return (Array.isArray(result) ? result : (result as { rows: unknown[] }).rows) as Row[];
}
