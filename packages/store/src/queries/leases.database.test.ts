import type { LeaseAnswer, LeaseMark } from '@kumiki/node-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { createLeaseStore } from './leases.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

let names = 0;
/** A lease that no other test knows. */
function nameLease() {
  names += 1;
  const name = `gpu/box-${names}`;
  const leases = createLeaseStore(store.database);
  return {
    name,
    leases,
    take: (holder: string, silent: LeaseMark | null = null) => leases.take({ name, holder, silent }),
  };
}

const tokenOf = (answer: LeaseAnswer) => (answer.state === 'taken' ? answer.token : null);

describe('a lease', () => {
  it('has one holder, of all that ask at once', async () => {
    const { take } = nameLease();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, place) => take(`worker ${place}`)));
    expect(answers.map(tokenOf).filter((token) => token !== null)).toEqual([1]);
    expect(await take('late')).toEqual({ state: 'held', mark: { token: 1, renewals: 0 } });
  });

  it('shows by its mark that its holder is alive', async () => {
    const { name, leases, take } = nameLease();
    await take('one');
    expect(await leases.renew({ name, token: 1 })).toBe(true);
    expect(await leases.renew({ name, token: 1 })).toBe(true);
    expect(await take('two')).toEqual({ state: 'held', mark: { token: 1, renewals: 2 } });
  });

  it('is taken from one who is silent, unless that shows itself in the last moment, and by one of many', async () => {
    const { name, leases, take } = nameLease();
    await take('frozen');
    const seen = { token: 1, renewals: 0 };
    await leases.renew({ name, token: 1 });
    expect(await take('two', seen)).toEqual({ state: 'held', mark: { token: 1, renewals: 1 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) => take(`worker ${place}`, { token: 1, renewals: 1 })),
    );
    expect(answers.map(tokenOf).filter((token) => token !== null)).toEqual([2]);
  });

  it('is not renewed, and not given back, by one who has lost it', async () => {
    const { name, leases, take } = nameLease();
    await take('frozen');
    await take('two', { token: 1, renewals: 0 });
    expect(await leases.renew({ name, token: 1 })).toBe(false);
    expect(await leases.release({ name, token: 1 })).toBe(false);
    expect(await take('three')).toMatchObject({ state: 'held', mark: { token: 2 } });
    expect(await leases.release({ name, token: 2 })).toBe(true);
    expect(await leases.release({ name, token: 2 })).toBe(false);
    expect(await leases.renew({ name, token: 2 })).toBe(false);
    expect(tokenOf(await take('three'))).toBe(3);
  });

  it('of another machine is another lease', async () => {
    const [one, two] = [nameLease(), nameLease()];
    expect([tokenOf(await one.take('worker')), tokenOf(await two.take('worker'))]).toEqual([1, 1]);
  });
});
