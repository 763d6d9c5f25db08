/** What to read of a database outside. Columns are named as the query's result has them, letter by letter. */
export type TableQuery = {
  /** Names the secret that holds the address, `postgres://user:password@host:5432/name`: no node ever holds it. */
  readonly connection: { readonly $secret: string };
  /** A SELECT, or the name of a table. */
  readonly query: string;
  /** Tells rows apart, and can be sorted by. */
  readonly idColumn: string;
  readonly textColumns: readonly string[];
  readonly titleColumn: string | null;
  /** Changes with every change of the row. Null: what the row holds tells that. */
  readonly updatedColumn: string | null;
  /** For each statement; a page of rows is one. */
  readonly timeoutMilliseconds: number;
};

/** A row as it is listed: its text stays where it is. */
export type TableEntry = {
  readonly id: string;
  readonly title: string | null;
  /** Changes when the row may have changed. */
  readonly identity: string;
  /** SHA-256 of title and text, where it is known without reading them. */
  readonly contentHash: string | null;
};

export type TableRow = TableEntry & {
  readonly contentHash: string;
  /** In the order of the text columns, empty ones left out. Null where together they have more than 4 MiB. */
  readonly texts: readonly string[] | null;
};

/**
 * Tables of databases outside, as far as the operator lets nodes reach them, by pages of keys: of a table of any size, a
 * page is held at a time. Every statement runs in a transaction that may only read. Codes: `table-address-invalid`,
 * `egress-refused`, `table-unreachable` and `table-busy` (both retryable), `table-login-refused`, `table-query-refused`,
 * `table-column-missing`, `table-id-missing`, `table-id-repeated`, `table-timeout`, `secret-unknown`. An aborted call
 * rejects with the signal's reason.
 */
export interface TableAccess {
  /** All rows by growing id. */
  list(query: TableQuery): AsyncIterable<readonly TableEntry[]>;
  /** All rows by growing id, or those of these ids that are still there, in no order. */
  read(query: TableQuery, ids: readonly string[] | 'all'): AsyncIterable<readonly TableRow[]>;
}
