import { createHash } from 'node:crypto';
import type { TableAccess, TableEntry, TableQuery, TableRow } from '@kumiki/node-sdk';
import { z } from 'zod';
import { parseTableAddress, type TableAddress } from './table-address.ts';
import { type ConnectTo, openTable, type TableConnection } from './table-connection.ts';
import { refuseAddress, refuseColumns, refuseMissingId, refuseRepeatedId } from './table-errors.ts';
import { type TableStatements, typeNameStatement, writeStatements } from './table-statements.ts';

const listedRows = 1_000;
const readRows = 100;

const entrySchema = z.object({
  id: z.string(),
  title: z.string().nullable(),
  updated: z.string().nullable(),
  hash: z.string().nullable(),
});
const rowSchema = entrySchema
  .extend({ hash: z.string(), is_too_long: z.boolean() })
  .catchall(z.union([z.string(), z.null()]));

type Entry = z.output<typeof entrySchema>;

export type TableAccessOptions = {
  readonly connect: ConnectTo;
  /** Throws `secret-unknown`. */
  readonly readSecret: (name: string) => Promise<string>;
  readonly signal: AbortSignal;
};

/** Reads tables of databases outside, each call by a connection of its own, which ends with it. */
export function createTableAccess(options: TableAccessOptions): TableAccess {
  return {
    async *list(query) {
      const table = await openQuery(query, options);
      try {
        await table.checkIds();
        for await (const rows of table.readPages('listPage', listedRows, entrySchema)) yield rows.map(table.describe);
      } finally {
        await table.close();
      }
    },
    async *read(query, ids) {
      const table = await openQuery(query, options);
      const pages =
        ids === 'all' ? table.readPages('readPage', readRows, rowSchema) : table.readIds(ids, readRows, rowSchema);
      try {
        for await (const rows of pages) {
          yield rows.map((row): TableRow => ({ ...table.describe(row), contentHash: row.hash, texts: readTexts(row) }));
        }
      } finally {
        await table.close();
      }
    },
  };
}

async function openQuery(
  query: TableQuery,
  { connect, readSecret, signal }: TableAccessOptions,
): Promise<QueriedTable> {
  signal.throwIfAborted();
  const { $secret } = query.connection;
  const address = parseTableAddress(await readSecret($secret));
  if (address === null) throw refuseAddress($secret);
  const connection = await openTable(address, { connect, milliseconds: query.timeoutMilliseconds, signal });
  try {
    const statements = writeStatements(query);
    const idType = await findIdType(connection, query, statements);
    return new QueriedTable({ connection, query, statements, idType, origin: hashOrigin(address) });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Also says which columns are missing, before Postgres does of the first alone. */
async function findIdType(
  connection: TableConnection,
  { idColumn, textColumns, titleColumn, updatedColumn }: TableQuery,
  statements: TableStatements,
): Promise<string> {
  const { columns } = await connection.query(statements.columns, []);
  const present = columns.map(({ name }) => name);
  const named = [idColumn, ...textColumns, titleColumn, updatedColumn].filter((name) => name !== null);
  const missing = [...new Set(named)].filter((name) => !present.includes(name));
  const id = columns.find(({ name }) => name === idColumn);
  if (id === undefined || missing.length > 0) throw refuseColumns(missing, present);
  const { rows } = await connection.query(typeNameStatement, [String(id.type)]);
  return z.object({ name: z.string() }).parse(rows[0]).name;
}

/** A table whose columns are there. */
class QueriedTable {
  readonly #connection: TableConnection;
  readonly #query: TableQuery;
  readonly #statements: TableStatements;
  readonly #idType: string;
  readonly #origin: string;

  constructor(parts: {
    readonly connection: TableConnection;
    readonly query: TableQuery;
    readonly statements: TableStatements;
    readonly idType: string;
    readonly origin: string;
  }) {
    this.#connection = parts.connection;
    this.#query = parts.query;
    this.#statements = parts.statements;
    this.#idType = parts.idType;
    this.#origin = parts.origin;
  }

  async checkIds(): Promise<void> {
    const { rows } = await this.#connection.query(this.#statements.missingId, []);
    if (rows.length > 0) throw refuseMissingId(this.#query.idColumn);
  }

  async *readPages<Row extends Entry>(
    page: 'listPage' | 'readPage',
    size: number,
    schema: z.ZodType<Row>,
  ): AsyncGenerator<readonly Row[]> {
    let last: string | null = null;
    do {
      // One more than the page shows whether another follows, and whether that would begin with the same id.
      const statement: string = this.#statements[page]({ idType: this.#idType, after: last !== null, limit: size + 1 });
      const found: readonly Row[] = await this.#ask(statement, last === null ? [] : [last], schema);
      for (const [place, { id }] of found.entries()) {
        if (id === found[place - 1]?.id) throw refuseRepeatedId(this.#query.idColumn, id);
      }
      const shown = found.slice(0, size);
      last = found.length > size ? (shown.at(-1)?.id ?? null) : null;
      if (shown.length > 0) yield shown;
    } while (last !== null);
  }

  async *readIds<Row extends Entry>(
    ids: readonly string[],
    size: number,
    schema: z.ZodType<Row>,
  ): AsyncGenerator<readonly Row[]> {
    for (let from = 0; from < ids.length; from += size) {
      const asked = JSON.stringify(ids.slice(from, from + size));
      yield await this.#ask(this.#statements.readIds(this.#idType), [asked], schema);
    }
  }

  /**
   * A time of change is one of this database: a copy of it elsewhere may have other rows with the same ids and times.
   * Without one, the content itself is the identity.
   */
  readonly describe = ({ id, title, updated, hash }: Entry): TableEntry => {
    const identity = updated === null ? (hash ?? '') : `${updated} ${this.#origin}`;
    return { id, title, identity, contentHash: updated === null ? hash : null };
  };

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #ask<Row>(statement: string, parameters: readonly string[], schema: z.ZodType<Row>): Promise<readonly Row[]> {
    const { rows } = await this.#connection.query(statement, parameters);
    return rows.map((row) => schema.parse(row));
  }
}

function readTexts(row: z.output<typeof rowSchema>): readonly string[] | null {
  if (row.is_too_long) return null;
  return Object.entries(row).flatMap(([name, value]) =>
    /^text_\d+$/.test(name) && typeof value === 'string' && value.trim() !== '' ? [value] : [],
  );
}

/** Tells databases apart without saying where they are. */
function hashOrigin({ host, port, database }: TableAddress): string {
  return createHash('sha256')
    .update(JSON.stringify([host, port, database]))
    .digest('hex')
    .slice(0, 16);
}
