import type { PGlite } from '@electric-sql/pglite';
import type { Sql } from 'postgres';
import type { Database } from './database.ts';

export type Store = {
  readonly kind: 'embedded' | 'server';
  readonly database: Database;
  /** What the queue is built on; nobody else needs to look. */
  readonly connection: StoreConnection;
  close(): Promise<void>;
};

export type StoreConnection =
  | { readonly kind: 'embedded'; readonly client: PGlite }
  | { readonly kind: 'server'; readonly databaseUrl: string; readonly client: Sql };

export type StoreOptions =
  /** The embedded database, in a folder of its own below this one. */
  | { readonly dataFolder: string }
  /** A server; `connections` is how many at most, 10 unless said. */
  | { readonly databaseUrl: string; readonly connections?: number };

/**
 * Opens the database and brings its schema up to date. Throws what `openEmbedded` and `openServer` say; of these two only
 * the one that is needed is loaded.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if ('databaseUrl' in options) {
    const { openServer } = await import('./open-server.ts');
    return openServer(options.databaseUrl, options.connections ?? 10);
  }
  const { openEmbedded } = await import('./open-embedded.ts');
  return openEmbedded(options.dataFolder);
}
