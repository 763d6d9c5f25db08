import type { LeaseAnswer, LeaseMark, LeaseStore } from '@kumiki/node-sdk';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { type Database, selectRows } from '../database/database.ts';
import { withNamedErrors } from '../database/database-error.ts';
import { leases } from '../schema/tables.ts';

/** Leases that all processes on this database see. */
export function createLeaseStore(database: Database): LeaseStore {
  return {
    take: (lease) => withNamedErrors(() => takeLease(database, lease)),
    renew: (lease) => withNamedErrors(() => renewLease(database, lease)),
    release: (lease) => withNamedErrors(() => releaseLease(database, lease)),
  };
}

type HeldLease = { readonly name: string; readonly token: number };

async function takeLease(
  database: Database,
  { name, holder, silent }: { readonly name: string; readonly holder: string; readonly silent: LeaseMark | null },
): Promise<LeaseAnswer> {
  const [row] = await selectRows<{ taken: boolean; token: number; renewals: number }>(
    database,
    sql`
      with taken as (
        insert into leases (name, holder, token, renewals) values (${name}, ${holder}, 1, 0)
        on conflict (name) do update set holder = excluded.holder, token = leases.token + 1, renewals = 0
          where leases.holder is null
            or (leases.token = ${silent?.token ?? null}::bigint and leases.renewals = ${silent?.renewals ?? null}::bigint)
        returning token, renewals)
      select true as taken, token::float8 as token, renewals::float8 as renewals from taken
      union all
      select false, token::float8, renewals::float8 from leases
        where name = ${name} and not exists (select from taken)`,
  );
  // The row of somebody who took it since this statement began cannot be seen by it.
  if (row === undefined) return { state: 'held', mark: null };
  const { taken, token, renewals } = row;
  return taken ? { state: 'taken', token } : { state: 'held', mark: { token, renewals } };
}

async function renewLease(database: Database, held: HeldLease): Promise<boolean> {
  const renewed = await database
    .update(leases)
    .set({ renewals: sql`${leases.renewals} + 1` })
    .where(whereHeld(held))
    .returning({ token: leases.token });
  return renewed.length > 0;
}

async function releaseLease(database: Database, held: HeldLease): Promise<boolean> {
  const released = await database
    .update(leases)
    .set({ holder: null })
    .where(whereHeld(held))
    .returning({ token: leases.token });
  return released.length > 0;
}

function whereHeld({ name, token }: HeldLease) {
  return and(eq(leases.name, name), eq(leases.token, token), isNotNull(leases.holder));
}
