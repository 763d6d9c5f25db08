import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { cacheFolder } from '@kumiki/testkit/cache-folder';
// Only for the names of what the vitest projects provide.
import type {} from '@kumiki/testkit/postgres-setup';
import postgres from 'postgres';
import { inject } from 'vitest';
import { embeddedOptions } from '../database/embedded-options.ts';
import { migrationsFolder } from '../database/migrate.ts';
import { makeEmbeddedStore } from '../database/open-embedded.ts';
import { openServer } from '../database/open-server.ts';
import type { Store } from '../database/open-store.ts';

export { selectRows } from '../database/database.ts';

/**
 * An empty database of the kind that the vitest project asks for, migrated and with the default workspace in it.
 * Closing it takes it away. Cheap: a copy of a template that is made once for each set of migrations.
 */
export function openTestDatabase(): Promise<Store> {
  return inject('database') === 'postgres' ? openTestServer(inject('postgresUrl')) : openTestEmbedded();
}

async function openTestEmbedded(): Promise<Store> {
  const client = await PGlite.create({ ...embeddedOptions, loadDataDir: await loadTemplate() });
  return makeEmbeddedStore(client, async () => {});
}

async function loadTemplate(): Promise<Blob> {
  const folder = cacheFolder('test-databases');
  const path = join(folder, `${await hashMigrations()}.tar`);
  const known = await readFile(path).catch(() => null);
  if (known !== null) return new Blob([known]);
  const client = await PGlite.create(embeddedOptions);
  await makeEmbeddedStore(client, async () => {});
  const template = await client.dumpDataDir('none');
  await client.close();
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${crypto.randomUUID()}`;
  await writeFile(draft, new Uint8Array(await template.arrayBuffer()));
  await rename(draft, path);
  return template;
}

async function openTestServer(serverUrl: string): Promise<Store> {
  const template = `kumiki_template_${await hashMigrations()}`;
  const name = `kumiki_test_${crypto.randomUUID().replaceAll('-', '')}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    // One test file makes the template, the others wait; a template with connections to it cannot be copied.
    await server`select pg_advisory_lock(7305443)`;
    const known = await server`select 1 from pg_database where datname = ${template} and datistemplate`;
    if (known.length === 0) {
      await server.unsafe(`drop database if exists ${template}`);
      await server.unsafe(`create database ${template}`);
      await (await openServer(urlOf(serverUrl, template), 1)).close();
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

async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256').update('@electric-sql/pglite 0.5.14');
  for (const name of (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort()) {
    hash.update(await readFile(join(migrationsFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
