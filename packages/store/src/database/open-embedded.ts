import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { KumikiError } from '@kumiki/node-sdk';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import * as tables from '../schema/tables.ts';
import { embeddedOptions } from './embedded-options.ts';
import { lockFolder } from './folder-lock.ts';
import { migrationsFolder, needsMigration } from './migrate.ts';
import type { Store } from './open-store.ts';

/**
 * Opens the database that lives in a folder. It has one connection, runs on this process's event loop, and survives the
 * death of the process; it never fsyncs, so it does not promise to survive the loss of power.
 */
export async function openEmbedded(dataFolder: string): Promise<Store> {
  const lock = await lockFolder(dataFolder);
  try {
    const client = await openFolder(join(dataFolder, 'database'));
    return await makeEmbeddedStore(client, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * A new database is made beside its place and then moved there: whoever is killed while making it leaves nothing behind
 * that looks like one. The lock makes sure that nobody else is at it.
 */
async function openFolder(dataDir: string): Promise<PGlite> {
  try {
    if (!existsSync(dataDir)) {
      const unfinished = `${dataDir}.new`;
      await rm(unfinished, { recursive: true, force: true });
      const made = await PGlite.create({ dataDir: unfinished, ...embeddedOptions });
      await made.close();
      await rename(unfinished, dataDir);
    }
    return await PGlite.create({ dataDir, ...embeddedOptions });
  } catch (cause) {
    throw new KumikiError({
      code: 'database-unreadable',
      message: {
        en: 'The database in the data folder cannot be opened: it is damaged, incomplete, or of another version. Restore a backup into the folder, or start with an empty one.',
        ja: 'データフォルダーのデータベースを開けません。破損しているか、不完全か、バージョンが異なります。バックアップを復元するか、空のフォルダーで起動してください。',
      },
      cause,
    });
  }
}

/** Makes a store of an open PGlite: brings its schema up to date. */
export async function makeEmbeddedStore(client: PGlite, release: () => Promise<void>): Promise<Store> {
  const database = drizzle(client, { schema: tables });
  try {
    if (await needsMigration(database)) await migrate(database, { migrationsFolder });
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    kind: 'embedded',
    database,
    connection: { kind: 'embedded', client },
    async close() {
      await client.close();
      await release();
    },
  };
}
