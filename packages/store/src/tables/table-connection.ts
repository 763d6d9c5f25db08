import type { Socket } from 'node:net';
import type { Row, Sql, TransactionSql } from 'postgres';
import type { TableAddress } from './table-address.ts';
import { failTimeout, nameTableError } from './table-errors.ts';

/** Opens a socket to a place that nodes may reach. Throws `egress-refused`, and errors of sockets. */
export type ConnectTo = (place: { readonly host: string; readonly port: number }) => Promise<Socket>;

/** A server that does not even keep its own time limit has so much longer before the connection is cut. */
const graceMilliseconds = 5_000;

/**
 * The driver takes the simple protocol where there are no parameters. That would run whatever stands behind a semicolon,
 * the end of the transaction among it. Its types do not know of the choice.
 */
const extendedProtocol = { prepare: false, simple: false };

/** Lets a server (Postgres 14 or newer, on Linux) notice that nobody waits for a statement any more, and end it. */
const hangUpSetting = 'client_connection_check_interval';

export type ResultColumn = { readonly name: string; readonly type: number };

/**
 * A connection to a database outside, for one statement at a time, each in a transaction that may only read. Open until
 * it is closed, or until its signal aborts; while it idles the socket may close, and the next statement opens another.
 */
export class TableConnection {
  readonly #client: Sql;
  readonly #host: string;
  readonly #milliseconds: number;
  readonly #signal: AbortSignal;
  #timedOut = false;
  readonly #interrupt = () => void this.#client.end({ timeout: 0 });

  constructor(client: Sql, host: string, milliseconds: number, signal: AbortSignal) {
    this.#client = client;
    this.#host = host;
    this.#milliseconds = milliseconds;
    this.#signal = signal;
    signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  async query(
    statement: string,
    parameters: readonly string[],
  ): Promise<{ readonly rows: readonly Row[]; readonly columns: readonly ResultColumn[] }> {
    this.#signal.throwIfAborted();
    const timer = setTimeout(() => {
      this.#timedOut = true;
      this.#interrupt();
    }, this.#milliseconds + graceMilliseconds);
    try {
      const rows = await this.#client.begin('read only', (transaction) =>
        this.#ask(transaction, statement, parameters),
      );
      return { rows, columns: rows.columns };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (this.#timedOut) throw failTimeout(this.#milliseconds);
      throw nameTableError(error, { host: this.#host, milliseconds: this.#milliseconds });
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#interrupt);
    await this.#client.end({ timeout: 1 });
  }

  async #ask(transaction: TransactionSql, statement: string, parameters: readonly string[]) {
    await transaction`
      select set_config('statement_timeout', ${String(this.#milliseconds)}, true),
        set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
        (select set_config(name, '1s', true) from pg_settings where name = ${hangUpSetting} and version() ~* 'linux')`;
    return await transaction.unsafe(statement, [...parameters], extendedProtocol);
  }
}

/** Opens nothing before the first statement. */
export async function openTable(
  address: TableAddress,
  options: { readonly connect: ConnectTo; readonly milliseconds: number; readonly signal: AbortSignal },
): Promise<TableConnection> {
  const { host, port, database, user, password, encryption } = address;
  const { default: postgres } = await import('postgres');
  // All that the driver would otherwise take from this process's environment is said here.
  const settings = {
    host,
    port,
    database,
    user,
    password: () => password,
    ssl: encryption === 'disable' ? false : encryption,
    // Its types do not know this one either. The name stays with the socket, for TLS.
    socket: async () => Object.assign(await options.connect({ host, port }), { host }),
    max: 1,
    idle_timeout: 20,
    connect_timeout: 15,
    max_lifetime: 1_800,
    // Named statements do not outlive a transaction where a pooler stands between.
    prepare: false,
    fetch_types: false,
    debug: false,
    onnotice: () => {},
    connection: { application_name: 'kumiki' },
  };
  return new TableConnection(postgres(settings), host, options.milliseconds, options.signal);
}
