import type { Sql } from 'postgres';
import { withNamedErrors } from '../database/database-error.ts';
import type { Store } from '../database/open-store.ts';

/** Any number: all servers on one database mean the same gate by it. */
const gateLock = 7_305_444;

/** Contents arrive or go, never both at a time, in whichever of the processes on one database. */
export interface ContentGate {
  /**
   * Waits while contents go elsewhere, and keeps them from going until the result is called, once what arrived is named.
   * That one tells whether the gate was held all the while: it falls when the database does.
   */
  enter(): Promise<() => Promise<boolean>>;
  /** Keeps contents from arriving elsewhere while `work` takes some away. False, and no work, where some are arriving. */
  tryClear(work: () => Promise<void>): Promise<boolean>;
}

/** Of the embedded database, which one process has open, there is nobody to keep out. */
export function openContentGate({ connection }: Pick<Store, 'connection'>): ContentGate {
  return connection.kind === 'embedded' ? openToAll : new ServerGate(connection.databaseUrl);
}

const openToAll: ContentGate = {
  enter: async () => async () => true,
  async tryClear(work) {
    await work();
    return true;
  },
};

/**
 * An advisory lock: shared by those that bring contents, whole for who takes them. Each time by a connection of its own,
 * since a lock belongs to one, and the driver does not survive it when one that was set aside is lost.
 */
class ServerGate implements ContentGate {
  readonly #databaseUrl: string;
  /** One connection for all that arrive here at a time. */
  #held: { readonly connection: Promise<Sql>; count: number } | null = null;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  async enter(): Promise<() => Promise<boolean>> {
    this.#held ??= { connection: this.#lockShared(), count: 0 };
    const held = this.#held;
    held.count += 1;
    try {
      await held.connection;
    } catch (error) {
      if (this.#held === held) this.#held = null;
      throw error;
    }
    return async () => {
      held.count -= 1;
      const isLast = held.count === 0;
      if (isLast && this.#held === held) this.#held = null;
      const connection = await held.connection;
      try {
        return await holdsLock(connection);
      } finally {
        if (isLast) await close(connection);
      }
    };
  }

  async tryClear(work: () => Promise<void>): Promise<boolean> {
    const { connectServer } = await import('../database/open-server.ts');
    const connection = connectServer(this.#databaseUrl, 1);
    try {
      const [row] = await withNamedErrors(
        () => connection<{ open: boolean }[]>`select pg_try_advisory_lock(${gateLock}) as open`,
      );
      if (row?.open !== true) return false;
      await work();
      return true;
    } finally {
      await close(connection);
    }
  }

  async #lockShared(): Promise<Sql> {
    const { connectServer } = await import('../database/open-server.ts');
    const connection = connectServer(this.#databaseUrl, 1);
    try {
      await withNamedErrors(() => connection`select pg_advisory_lock_shared(${gateLock})`);
      return connection;
    } catch (error) {
      await close(connection);
      throw error;
    }
  }
}

/** Gives its locks back too. */
async function close(connection: Sql): Promise<void> {
  await connection.end({ timeout: 1 }).catch(() => undefined);
}

/** A connection that was opened in the place of a lost one holds none. */
async function holdsLock(connection: Sql): Promise<boolean> {
  try {
    const [row] = await connection<{ held: boolean }[]>`
      select exists (
        select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objid = ${gateLock}
      ) as held`;
    return row?.held ?? false;
  } catch {
    return false;
  }
}
