import { KumikiError } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as tables from '../schema/tables.ts';
import { type Database, selectRows } from './database.ts';
import { withNamedErrors } from './database-error.ts';
import { migrationsFolder, needsMigration } from './migrate.ts';
import type { Store } from './open-store.ts';

const oldestServer = 16;
const oldestVector = [0, 8] as const;
/** Transactions here await SQL only. Whoever is idle in one was frozen in it, and must not keep its locks from others. */
const frozenMilliseconds = 5_000;
/** While nobody answers, requests wait for the next try to connect before they hear of it: left alone, up to 20 s. */
const againSeconds = 0.5;
/** Any number: all Kumikis on one server take turns at migrating by it. */
const migrationLock = 7_305_442;

/**
 * Opens a database on a Postgres server. Throws `database-down`, `database-refused`, `database-missing`,
 * `database-url-invalid`, `database-too-old`, `pgvector-missing`, `database-newer`.
 */
export async function openServer(databaseUrl: string, connections: number): Promise<Store> {
  const client = connectServer(databaseUrl, connections);
  const database = drizzle(client, { schema: tables });
  try {
    await withNamedErrors(async () => {
      if (!(await needsMigration(database))) return;
      await checkServer(database);
      await migrateServer(databaseUrl);
    });
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
  return {
    kind: 'server',
    database,
    connection: { kind: 'server', databaseUrl, client },
    close: () => client.end({ timeout: 5 }),
  };
}

/** Opens no connection yet. One that is lost is opened anew, without the locks that it held. */
export function connectServer(databaseUrl: string, connections: number): postgres.Sql {
  try {
    return postgres(databaseUrl, {
      max: connections,
      connect_timeout: 10,
      backoff: () => againSeconds,
      onnotice: () => {},
      // A single connection is there for the lock that it holds, which would go with it.
      ...(connections === 1 && { max_lifetime: null }),
      connection: { application_name: 'kumiki', idle_in_transaction_session_timeout: frozenMilliseconds },
    });
  } catch (cause) {
    throw new KumikiError({
      code: 'database-url-invalid',
      message: {
        en: 'DATABASE_URL is not an address of a Postgres database. It looks like postgres://user:password@host:5432/name.',
        ja: 'DATABASE_URL が Postgres データベースのアドレスではありません。postgres://user:password@host:5432/name の形で指定してください。',
      },
      cause,
    });
  }
}

/** Two servers may start at once: the second waits, and then finds nothing left to do. */
async function migrateServer(databaseUrl: string): Promise<void> {
  const client = connectServer(databaseUrl, 1);
  try {
    const database = drizzle(client, { schema: tables });
    await database.execute(sql`select pg_advisory_lock(${migrationLock})`);
    if (await needsMigration(database)) await migrate(database, { migrationsFolder });
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function checkServer(database: Database): Promise<void> {
  const rows = await selectRows<{ server: number; installed: string | null; available: string | null; may: boolean }>(
    database,
    sql`
      select current_setting('server_version_num')::int / 10000 as server,
        (select extversion from pg_extension where extname = 'vector') as installed,
        (select default_version from pg_available_extensions where name = 'vector') as available,
        has_database_privilege(current_database(), 'CREATE') as may`,
  );
  const found = rows[0];
  if (found === undefined) return;
  if (found.server < oldestServer) {
    throw new KumikiError({
      code: 'database-too-old',
      message: {
        en: `The database server is PostgreSQL ${found.server}; Kumiki needs ${oldestServer} or newer. Update the server, or leave DATABASE_URL out to use the embedded database.`,
        ja: `データベースサーバーは PostgreSQL ${found.server} ですが、Kumiki には ${oldestServer} 以降が必要です。サーバーを更新するか、DATABASE_URL を外して内蔵のデータベースを使ってください。`,
      },
    });
  }
  const vector = found.installed ?? found.available;
  if (vector === null) {
    throw new KumikiError({
      code: 'pgvector-missing',
      message: {
        en: 'The database server has no pgvector. Install it on the server (package postgresql-NN-pgvector, or the image pgvector/pgvector) and start again.',
        ja: 'データベースサーバーに pgvector がありません。サーバーにインストールしてから（パッケージ postgresql-NN-pgvector、またはイメージ pgvector/pgvector）起動し直してください。',
      },
    });
  }
  if (isOlder(vector, oldestVector)) {
    throw new KumikiError({
      code: 'pgvector-too-old',
      message: {
        en: `The database server has pgvector ${vector}; Kumiki needs ${oldestVector.join('.')} or newer. Update it, run ALTER EXTENSION vector UPDATE, and start again.`,
        ja: `データベースサーバーの pgvector は ${vector} ですが、Kumiki には ${oldestVector.join('.')} 以降が必要です。更新して ALTER EXTENSION vector UPDATE を実行してから起動し直してください。`,
      },
    });
  }
  if (!found.may) {
    throw new KumikiError({
      code: 'database-not-permitted',
      message: {
        en: 'The database user may not create tables here. Grant it CREATE on the database, or make it the owner, and start again.',
        ja: 'データベースのユーザーにテーブルを作成する権限がありません。データベースの CREATE 権限を与えるか、所有者にしてから起動し直してください。',
      },
    });
  }
}

function isOlder(version: string, oldest: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
