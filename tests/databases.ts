import { type PostgresPower, startPostgres } from '@kumiki/testkit/postgres';
import postgres from 'postgres';

/** One database for one server, empty at first. */
export type TestDatabase = {
  /** What the server has to find in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Null for the embedded one, and where the server is somebody else's. */
  readonly power: PostgresPower | null;
  remove(): Promise<void>;
};

/** What the whole program has to behave alike on; for `describe.each`. */
export const databaseKinds = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

/** The embedded database lies in the data folder; Postgres is a real server of its own. */
export async function openTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind === 'embedded') return { environment: {}, power: null, remove: async () => {} };
  const server = await startPostgres();
  const name = `kumiki_${crypto.randomUUID().replaceAll('-', '')}`;
  await runStatement(server.url, `create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    environment: { DATABASE_URL: url.href },
    power: server.power,
    async remove() {
      await runStatement(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}
