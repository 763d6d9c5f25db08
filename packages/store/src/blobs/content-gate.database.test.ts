import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openServer } from '../database/open-server.ts';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { type ContentGate, openContentGate } from './content-gate.ts';

let here: Store;
let gate: ContentGate;
beforeEach(async () => {
  here = await openTestDatabase();
  gate = openContentGate(here);
});
afterEach(async () => {
  await gate.close();
  await here.close();
});

const nothing = async () => {};

it('lets contents go where none arrive', async () => {
  const gone: string[] = [];
  expect(await gate.tryClear(async () => void gone.push('a'))).toBe(true);
  expect(gone).toEqual(['a']);
});

it('tells who brings contents that the gate was held', async () => {
  const first = await gate.enter();
  const second = await gate.enter();
  expect(await first()).toBe(true);
  expect(await second()).toBe(true);
  expect(await gate.tryClear(nothing)).toBe(true);
});

describe.skipIf(inject('database') === 'embedded')('between two servers', () => {
  let there: Store;
  let otherGate: ContentGate;
  beforeEach(async () => {
    if (here.connection.kind === 'server') there = await openServer(here.connection.databaseUrl, 3);
    otherGate = openContentGate(there);
  });
  afterEach(async () => {
    await otherGate.close();
    await there.close();
  });

  it('lets none go while another server takes some in', async () => {
    const leaveFirst = await otherGate.enter();
    expect(await gate.tryClear(() => Promise.reject(new Error('cleared all the same')))).toBe(false);
    expect(await leaveFirst()).toBe(true);
    expect(await gate.tryClear(nothing)).toBe(true);
  });

  it('lets a server take contents in only once another has taken its own away', async () => {
    const order: string[] = [];
    const going = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const clearing = gate.tryClear(async () => {
      began.resolve();
      await going.promise;
      order.push('gone');
    });
    await began.promise;
    const entering = otherGate.enter().then(async (leave) => {
      order.push('arrived');
      await leave();
    });
    going.resolve();
    await Promise.all([clearing, entering]);
    expect(order).toEqual(['gone', 'arrived']);
  });

  it('tells who brings contents when the gate fell with its connection', async () => {
    const leave = await otherGate.enter();
    const killer = postgres(there.connection.kind === 'server' ? there.connection.databaseUrl : '', { max: 1 });
    await killer`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and objid = 7305444 and pid <> pg_backend_pid()`;
    await killer.end();
    expect(await leave()).toBe(false);
    expect(await gate.tryClear(nothing)).toBe(true);
  });
});
