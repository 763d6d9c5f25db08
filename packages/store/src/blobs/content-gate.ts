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
  close(): Promise<void>;
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
  close: async () => {},
};

/**
 * An advisory lock: shared, once for each that brings contents, and whole for who takes them. It belongs to a connection
 * of its own, opened when it is first needed; one that is opened in the place of a lost one holds nothing.
 */
class ServerGate implements ContentGate {
  readonly #databaseUrl: string;
  #connection: Promise<Sql> | null = null;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  async enter(): Promise<() => Promise<boolean>> {
    const connection = await this.#open();
    await withNamedErrors(() => connection`select pg_advisory_lock_shared(${gateLock})`);
    return async () => {
      try {
        const [row] = await connection<{ held: boolean }[]>`select pg_advisory_unlock_shared(${gateLock}) as held`;
        return row?.held ?? false;
      } catch {
        return false;
      }
    };
  }

  async tryClear(work: () => Promise<void>): Promise<boolean> {
    const connection = await this.#open();
    const [row] = await withNamedErrors(
      () => connection<{ open: boolean }[]>`select pg_try_advisory_lock(${gateLock}) as open`,
    );
    if (row?.open !== true) return false;
    try {
      await work();
      return true;
    } finally {
      // One that is lost has given its lock back already.
      await connection`select pg_advisory_unlock(${gateLock})`.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await (await this.#connection)?.end({ timeout: 1 });
  }

  #open(): Promise<Sql> {
    this.#connection ??= import('../database/open-server.ts').then(({ connectServer }) =>
      connectServer(this.#databaseUrl, 1),
    );
    return this.#connection;
  }
}
