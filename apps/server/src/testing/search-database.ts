import type { Database } from '@kumiki/store';
import { selectRows } from '@kumiki/store/testing';
import { sql } from 'drizzle-orm';

/** Which of these words stand anywhere in the database, in whatever table and column, as text or as bytes. */
export async function findWords(database: Database, words: readonly string[]): Promise<readonly string[]> {
  const tables = await selectRows<{ schema: string; name: string }>(
    database,
    sql`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { schema, name } of tables) {
    // A row as text has bytes in hexadecimal digits.
    const rows = await selectRows<{ row: string }>(
      database,
      sql`select listed::text as row from ${sql.identifier(schema)}.${sql.identifier(name)} listed`,
    );
    for (const { row } of rows) {
      for (const word of words) {
        const isThere = row.includes(word) || row.includes(Buffer.from(word).toString('hex'));
        if (isThere) found.push(`${schema}.${name}: ${word}: ${row.slice(0, 300)}`);
      }
    }
  }
  return found;
}
