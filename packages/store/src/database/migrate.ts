import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KumikiError } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Database, selectRows } from './database.ts';
import { findDatabaseCode } from './database-error.ts';

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number() })).min(1) });

/**
 * Asks, by one cheap query, whether the newest migration has been applied. Throws `database-newer` where a newer Kumiki
 * has been here.
 */
export async function needsMigration(database: Database): Promise<boolean> {
  const journal = journalSchema.parse(
    JSON.parse(await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')),
  );
  const newest = Math.max(...journal.entries.map((entry) => entry.when));
  const applied = await readAppliedMigration(database);
  if (applied !== null && applied > newest) {
    throw new KumikiError({
      code: 'database-newer',
      message: {
        en: 'This database was written by a newer version of Kumiki. Update Kumiki, or restore a backup from before the update.',
        ja: 'このデータベースは、より新しい Kumiki で作成されています。Kumiki を更新するか、更新前のバックアップを復元してください。',
      },
    });
  }
  return applied !== newest;
}

async function readAppliedMigration(database: Database): Promise<number | null> {
  try {
    const rows = await selectRows<{ newest: number | null }>(
      database,
      sql`select max(created_at)::float8 as newest from drizzle.__drizzle_migrations`,
    );
    return rows[0]?.newest ?? null;
  } catch (error) {
    const code = findDatabaseCode(error);
    // Undefined table or schema: nothing was ever applied here.
    if (code === '42P01' || code === '3F000') return null;
    throw error;
  }
}
