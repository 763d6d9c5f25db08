import type { PGlite } from '@electric-sql/pglite';
import type { Database } from './database.ts';
import { openEmbedded } from './open-embedded.ts';
import { openServer } from './open-server.ts';

export type Store = {
  readonly kind: 'embedded' | 'server';
  readonly database: Database;
  /** What the queue is built on; nobody else needs to look. */
  readonly connection: StoreConnection;
  close(): Promise<void>;
};

export type StoreConnection =
  | { readonly kind: 'embedded'; readonly client: PGlite }
  | { readonly kind: 'server'; readonly databaseUrl: string };

export type StoreOptions =
  /** The embedded database, in a folder of its own below this one. */
  | { readonly dataFolder: string }
  /** A server; `connections` is how many at most, 10 unless said. */
  | { readonly databaseUrl: string; readonly connections?: number };

/** Opens the database and brings its schema up to date. Throws what `openEmbedded` and `openServer` say. */
export function openStore(options: StoreOptions): Promise<Store> {
  if ('databaseUrl' in options) return openServer(options.databaseUrl, options.connections ?? 10);
  return openEmbedded(options.dataFolder);
}
