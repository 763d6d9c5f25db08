import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, inject, it } from 'vitest';
import { insertFlow, listFlows } from '../queries/flows.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { selectRows } from './database.ts';
import { findFolderHolder } from './folder-lock.ts';
import { needsMigration } from './migrate.ts';
import { openStore } from './open-store.ts';

describe('an opened store', () => {
  it('has a workspace in every table that belongs to one', async () => {
    const store = await openTestDatabase();
    const without = await selectRows<{ name: string }>(
      store.database,
      sql`
        select table_name as name from information_schema.tables where table_schema = 'public'
        except
        select table_name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id'`,
    );
    expect(without.map((table) => table.name).toSorted()).toEqual(['leases', 'servers', 'workspaces']);
    await store.close();
  });

  it('refuses a database that a newer Kumiki has written', async () => {
    const store = await openTestDatabase();
    expect(await needsMigration(store.database)).toBe(false);
    await store.database.execute(sql`
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('future', 99999999999999)`);
    await expect(needsMigration(store.database)).rejects.toMatchObject({ code: 'database-newer' });
    await store.close();
  });

  it('is refused with a name where nobody answers, where there is no database, and where the address is none', async () => {
    await expect(openStore({ databaseUrl: 'postgres://u@127.0.0.1:1/x' })).rejects.toMatchObject({
      code: 'database-down',
      retryable: true,
      status: 503,
    });
    await expect(openStore({ databaseUrl: 'postgres://[' })).rejects.toMatchObject({ code: 'database-url-invalid' });
    if (inject('database') === 'postgres') {
      const url = new URL(inject('postgresUrl'));
      url.pathname = '/never_made';
      await expect(openStore({ databaseUrl: url.href })).rejects.toMatchObject({ code: 'database-missing' });
    }
  });

  it('keeps what was written in its folder, for one process at a time', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'kumiki-store-'));
    const store = await openStore({ dataFolder });
    await insertFlow(store.database, { workspace, document: makeDocument('A') });
    await expect(openStore({ dataFolder })).rejects.toMatchObject({ code: 'data-folder-in-use' });
    await store.close();
    const again = await openStore({ dataFolder });
    expect((await listFlows(again.database, { workspace })).items).toMatchObject([{ name: 'A' }]);
    await again.close();
    await rm(dataFolder, { recursive: true });
  });

  it('says so where its folder cannot be read, and lets go of it', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'kumiki-store-'));
    await mkdir(join(dataFolder, 'database'));
    await writeFile(join(dataFolder, 'database', 'PG_VERSION'), '9.6');
    await expect(openStore({ dataFolder })).rejects.toMatchObject({ code: 'database-unreadable' });
    expect(await findFolderHolder(dataFolder)).toBeNull();
    await rm(dataFolder, { recursive: true });
  });
});

it('lets go of what a process holds that was frozen in the middle of a transaction', {
  timeout: 30_000,
}, async (test) => {
  const store = await openTestDatabase();
  test.onTestFinished(() => store.close());
  // On the embedded database nobody else is there to be kept waiting.
  if (store.kind === 'embedded') return;
  const { database } = store;
  const held = Promise.withResolvers<void>();
  const frozen = expect(
    database.transaction(async (transaction) => {
      await transaction.execute(sql`update workspaces set name = 'held' where id = 'default'`);
      held.resolve();
      await new Promise(() => {});
    }),
  ).rejects.toThrow();
  await held.promise;
  await database.execute(sql`update workspaces set name = 'other' where id = 'default'`);
  await frozen;
});
