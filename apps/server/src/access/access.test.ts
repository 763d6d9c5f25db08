import { describe, expect, it } from 'vitest';
import { type Caller, Callers, readBearer, readCookie } from './caller.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { PasswordCheck } from './password.ts';
import { SignInLinks } from './sign-in-links.ts';

describe('a sign-in link', () => {
  const readToken = (link: string) => new URL(link).searchParams.get('token') ?? '';

  it('works once, within 15 minutes', () => {
    let now = 0;
    const links = new SignInLinks(() => now);
    const first = readToken(links.create('http://127.0.0.1:4646/'));
    expect(links.redeem(first)).toBe(true);
    expect(links.redeem(first)).toBe(false);
    const late = readToken(links.create('http://127.0.0.1:4646'));
    now = 15 * 60_000;
    expect(links.redeem(late)).toBe(false);
    expect(links.redeem('')).toBe(false);
  });
});

describe('a password', () => {
  it('is tried at most ten times a minute', async () => {
    let now = 0;
    const check = new PasswordCheck('correct horse battery', () => now);
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await check.accepts('guess')).toBe(false);
    await expect(check.accepts('correct horse battery')).rejects.toMatchObject({ code: 'too-many-attempts' });
    now = 60_001;
    expect(await check.accepts('correct horse battery')).toBe(true);
  });
});

describe('callers', () => {
  it('are looked up once for some seconds, and again after a key was revoked', async () => {
    let lookups = 0;
    const caller: Caller = { kind: 'key', workspace: 'default', id: '1', scopes: ['v1'], endpoints: null };
    const callers = new Callers(
      {
        findKey: async (key) => {
          lookups += 1;
          return key === 'good' ? caller : null;
        },
        findSession: async () => null,
      },
      { token: 'local-token', workspace: 'default' },
    );
    const identify = (key: string) => callers.identify(new Headers({ authorization: `Bearer ${key}` }));
    expect(await identify('good')).toEqual(caller);
    expect(await identify('good')).toEqual(caller);
    expect(await identify('bad')).toBeNull();
    expect(await identify('bad')).toBeNull();
    expect(lookups).toBe(2);
    callers.forget();
    await identify('good');
    expect(lookups).toBe(3);
    expect((await identify('local-token'))?.kind).toBe('local');
    expect(await callers.identify(new Headers())).toBeNull();
  });

  it('are not remembered by what was looked up before they were forgotten', async () => {
    const revoked = Promise.withResolvers<void>();
    const caller = { kind: 'key', workspace: 'default', id: '1', scopes: ['v1'], endpoints: null } as const;
    const answers = [caller];
    const callers = new Callers(
      {
        findKey: async () => {
          const found = answers.pop() ?? null;
          await revoked.promise;
          return found;
        },
        findSession: async () => null,
      },
      null,
    );
    const identify = () => callers.identify(new Headers({ authorization: 'Bearer good' }));
    const before = identify();
    callers.forget();
    revoked.resolve();
    await before;
    expect(await identify()).toBeNull();
  });

  it('are read from headers as browsers and programs write them', () => {
    expect(readBearer('bearer abc.def-1')).toBe('abc.def-1');
    expect(readBearer('Basic abc')).toBeNull();
    expect(readCookie('a=1; kumiki_session=xyz; b=2', 'kumiki_session')).toBe('xyz');
    expect(readCookie('other_kumiki_session=xyz', 'kumiki_session')).toBeNull();
  });
});

describe('a cache that forgets', () => {
  it('forgets by time and by number, the oldest first', () => {
    let now = 0;
    const cache = new ExpiringCache<number>(2, () => now);
    cache.set('a', 1, 100);
    cache.set('b', 2, 100);
    cache.set('c', 3, 100);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, 2, 3]);
    now = 100;
    expect(cache.get('c')).toBeUndefined();
  });
});
