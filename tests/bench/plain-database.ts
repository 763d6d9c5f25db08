import type { Store } from '@kumiki/store';
import postgres from 'postgres';

/** The driver itself, as one would use it who writes the statements by hand. */
export type PlainDatabase = {
  query(statement: string, parameters: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
};

/** A second client of a server; on the embedded database, which has but one, the store's own. */
export function openPlainDatabase({ connection }: Store): PlainDatabase {
  if (connection.kind === 'embedded') {
    const { client } = connection;
    return { query: (statement, parameters) => client.query(statement, [...parameters]), close: async () => {} };
  }
  const client = postgres(connection.databaseUrl, { max: 2, onnotice: () => {} });
  return {
    query: (statement, parameters) => client.unsafe(statement, [...parameters] as never[], { prepare: true }),
    close: () => client.end(),
  };
}
