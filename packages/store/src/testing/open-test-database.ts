import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
import { hashDatabaseSources } from '@kumiki/testkit/database-sources';
// Only for the names of what the vitest projects provide.
import type {} from '@kumiki/testkit/postgres-setup';
import postgres from 'postgres';
import { inject } from 'vitest';
import { embeddedOptions } from '../database/embedded-options.ts';
import { makeEmbeddedStore } from '../database/open-embedded.ts';
import { openServer } from '../database/open-server.ts';
import type { Store } from '../database/open-store.ts';
import { createRunQueue } from '../queue/create-run-queue.ts';

export { selectRows } from '../database/database.ts';

/**
 * An empty database of the kind that the vitest project asks for, migrated and with the default workspace in it.
 * Closing it takes it away. Cheap: a copy of a template that is made once for each set of migrations.
 */
export function openTestDatabase(): Promise<Store> {
  return inject('database') === 'postgres' ? openTestServer(inject('postgresUrl')) : openTestEmbedded();
}

async function openTestEmbedded(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'kumiki-database-'));
  const dataDir = join(folder, 'database');
  // Of a thousand small files; a tenth of what the asynchronous one takes.
  cpSync(await ensureTemplate(), dataDir, { recursive: true });
  const client = await PGlite.create({ ...embeddedOptions, dataDir });
  return makeEmbeddedStore(client, () => rm(folder, { recursive: true, force: true }));
}

async function ensureTemplate(): Promise<string> {
  const template = cacheFolder('test-databases', await hashDatabaseSources());
  if ((await stat(template).catch(() => null)) !== null) return template;
  const draft = `${template}.${crypto.randomUUID()}`;
  await mkdir(dirname(template), { recursive: true });
  const client = await PGlite.create({ ...embeddedOptions, dataDir: draft });
  const store = await makeEmbeddedStore(client, async () => {});
  await prepareQueue(store);
  await store.close();
  await rename(draft, template).catch(async (error) => {
    // Where another test file was quicker, its template is as good.
    await rm(draft, { recursive: true, force: true });
    if ((await stat(template).catch(() => null)) === null) throw error;
  });
  return template;
}

async function openTestServer(serverUrl: string): Promise<Store> {
  const template = `kumiki_template_${await hashDatabaseSources()}`;
  const name = `kumiki_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    // One test file makes the template, the others wait; a template with connections to it cannot be copied.
    await server`select pg_advisory_lock(7305443)`;
    const known = await server`select 1 from pg_database where datname = ${template} and datistemplate`;
    if (known.length === 0) {
      await server.unsafe(`drop database if exists ${template}`);
      await server.unsafe(`create database ${template}`);
      const store = await openServer(urlOf(serverUrl, template), 2);
      await prepareQueue(store);
      await store.close();
      await server.unsafe(`alter database ${template} is_template true`);
    }
    await server`select pg_advisory_unlock(7305443)`;
    await server.unsafe(`create database ${name} template ${template}`);
  } finally {
    await server.end();
  }
  const store = await openServer(urlOf(serverUrl, name), 10);
  return {
    ...store,
    async close() {
      await store.close();
      const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Brings the schema of the queue as well: opening a queue took as long as all else. */
async function prepareQueue(store: Store): Promise<void> {
  const queue = await createRunQueue(store, {
    onError: (error) => {
      throw error;
    },
  });
  await queue.stop({ milliseconds: 0 });
}
