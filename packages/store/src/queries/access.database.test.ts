import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createId } from '../database/create-id.ts';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import { createSecretCipher } from '../database/secret-cipher.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { workspace } from '../testing/samples.ts';
import { changeEndpoint, deleteEndpoint, insertEndpoint, listEndpoints, readEndpoint } from './endpoints.ts';
import {
  claimIdempotencyKey,
  deleteOldIdempotencyKeys,
  findIdempotentResponse,
  type HeldIdempotencyKey,
  type IdempotencyAddress,
  recordIdempotentResponse,
  releaseIdempotencyKey,
  renewIdempotencyKey,
} from './idempotency.ts';
import { createKey, findKey, listKeys, revokeKey, touchKey } from './keys.ts';
import { changeModelHost, deleteModelHost, insertModelHost, listModelHosts, readModelHost } from './model-hosts.ts';
import { deleteSecret, listSecrets, putSecret, readSecret } from './secrets.ts';
import { putSetting, readSetting } from './settings.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestDatabase();
});
afterAll(() => store.close());

describe('keys', () => {
  it('open until they are revoked or out of date, and are never stored', async () => {
    const { database } = store;
    const { key, ...row } = await createKey(database, { workspace, name: 'ci', scopes: ['v1'], endpoints: ['help'] });
    expect(await findKey(database, key)).toEqual(row);
    expect(await findKey(database, `${key}x`)).toBeNull();
    await touchKey(database, row.id);
    expect((await findKey(database, key))?.lastUsedAt).toBeInstanceOf(Date);
    const stored = await selectRows<{ row: string }>(database, sql`select api_keys::text as row from api_keys`);
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(JSON.stringify(await listKeys(database, { workspace }))).not.toContain('hash');

    await revokeKey(database, { workspace, key: row.id });
    expect(await findKey(database, key)).toBeNull();
    expect(await listKeys(database, { workspace })).toEqual([]);
    const expiresAt = new Date(Date.now() - 1_000);
    const old = await createKey(database, { workspace, name: 'old', scopes: [], endpoints: null, expiresAt });
    expect(await findKey(database, old.key)).toBeNull();
    await expect(revokeKey(database, { workspace: 'other', key: old.id })).rejects.toMatchObject({ status: 404 });
  });
});

describe('secrets', () => {
  it('come back to whoever calls out with them, and to nobody else', async () => {
    const { database } = store;
    const cipher = createSecretCipher(randomBytes(32));
    await putSecret(database, cipher, { workspace, name: 'openai', value: 'sk-1' });
    await putSecret(database, cipher, { workspace, name: 'openai', value: 'sk-2' });
    expect(await readSecret(database, cipher, { workspace, name: 'openai' })).toBe('sk-2');
    expect(await listSecrets(database, { workspace })).toEqual([
      { name: 'openai', createdAt: expect.any(Date), updatedAt: expect.any(Date) },
    ]);
    const stored = await selectRows<{ row: string }>(
      database,
      sql`select encode(sealed, 'escape') as row from secrets`,
    );
    expect(JSON.stringify(stored)).not.toContain('sk-');
    const other = createSecretCipher(randomBytes(32));
    await expect(readSecret(database, other, { workspace, name: 'openai' })).rejects.toMatchObject({
      code: 'secret-unreadable',
    });
    await deleteSecret(database, { workspace, name: 'openai' });
    await expect(readSecret(database, cipher, { workspace, name: 'openai' })).rejects.toMatchObject({
      code: 'secret-unknown',
    });
  });
});

describe('idempotency keys', () => {
  const at = { workspace, caller: 'key', route: 'POST /v1/endpoints/help', key: 'k' };
  const run = createId();
  const unanswered = { state: 'known', response: null };

  /** Claims a key that nobody else has. */
  async function hold(own: IdempotencyAddress, body = 'body'): Promise<HeldIdempotencyKey> {
    const claim = await claimIdempotencyKey(store.database, own, body);
    if (claim.state !== 'new') throw new Error('somebody else has the key');
    return claim.held;
  }
  const age = (key: string, time: string) =>
    store.database.execute(
      sql`update idempotency_keys set created_at = created_at - ${time}::interval where key = ${key}`,
    );

  it('answer the same request with the same response', async () => {
    const { database } = store;
    const held = await hold(at);
    expect(await claimIdempotencyKey(database, at, 'body')).toEqual(unanswered);
    await recordIdempotentResponse(database, held, { run });
    expect(await claimIdempotencyKey(database, at, 'body')).toEqual({ state: 'known', response: { run } });
    await expect(claimIdempotencyKey(database, at, 'other body')).rejects.toMatchObject({
      code: 'idempotency-key-reused',
      status: 422,
    });
    await hold({ ...at, caller: 'another' }, 'other body');
  });

  it('are new again when nobody answers any more, and are kept while somebody does', async () => {
    const { database } = store;
    const own = { ...at, key: 'killed' };
    const held = await hold(own);
    await age('killed', '40 seconds');
    await renewIdempotencyKey(database, held);
    expect(await claimIdempotencyKey(database, own, 'body')).toEqual(unanswered);
    await age('killed', '40 seconds');
    await recordIdempotentResponse(database, await hold(own), { run });
    await age('killed', '40 seconds');
    expect(await claimIdempotencyKey(database, own, 'body')).toEqual({ state: 'known', response: { run } });
    expect(await findIdempotentResponse(database, own, 'body')).toEqual({ run });
    expect(await findIdempotentResponse(database, { ...own, key: 'never seen' }, 'body')).toBeNull();
    await expect(findIdempotentResponse(database, own, 'other')).rejects.toMatchObject({ status: 422 });
  });

  it('obey only the newest of those who claimed them', async () => {
    const { database } = store;
    const own = { ...at, key: 'frozen' };
    const frozen = await hold(own);
    await age('frozen', '40 seconds');
    const held = await hold(own);
    await age('frozen', '20 seconds');
    await renewIdempotencyKey(database, frozen);
    await age('frozen', '20 seconds');
    const newest = await hold(own);
    await releaseIdempotencyKey(database, held);
    await expect(recordIdempotentResponse(database, frozen, { run: createId() })).rejects.toMatchObject({
      code: 'idempotency-claim-lost',
    });
    expect(await claimIdempotencyKey(database, own, 'body')).toEqual(unanswered);
    await recordIdempotentResponse(database, newest, { run });
    expect(await findIdempotentResponse(database, own, 'body')).toEqual({ run });
  });

  it('are new again after a failure, and after a day', async () => {
    const { database } = store;
    const own = { ...at, key: 'day' };
    await releaseIdempotencyKey(database, await hold(own));
    await hold(own, 'body 2');
    await age('day', '25 hours');
    await hold(own, 'body 3');
    await database.execute(sql`update idempotency_keys set created_at = now() - interval '25 hours'`);
    await deleteOldIdempotencyKeys(database);
    expect(await selectRows(database, sql`select 1 from idempotency_keys`)).toHaveLength(0);
  });

  it('go to one of many requests at once', async () => {
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimIdempotencyKey(store.database, { ...at, key: 'many' }, 'body')),
    );
    expect(claims.filter((claim) => claim.state === 'new')).toHaveLength(1);
  });
});

describe('model hosts', () => {
  it('have names of their own', async () => {
    const { database } = store;
    const host = { kind: 'ollama', name: 'gpu', address: 'http://gpu:11434', secret: null } as const;
    const { id } = await insertModelHost(database, { workspace, ...host });
    await expect(insertModelHost(database, { workspace, ...host })).rejects.toMatchObject({
      code: 'model-host-exists',
    });
    await changeModelHost(database, { workspace, host: id, ...host, name: 'gpu-2', secret: 'gpu-key' });
    expect(await readModelHost(database, { workspace, host: id })).toMatchObject({ name: 'gpu-2', secret: 'gpu-key' });
    expect(await listModelHosts(database, { workspace })).toHaveLength(1);
    expect(await deleteModelHost(database, { workspace, host: id })).toMatchObject({ secret: 'gpu-key' });
    await expect(readModelHost(database, { workspace, host: id })).rejects.toMatchObject({
      code: 'model-host-unknown',
    });
  });
});

describe('endpoints', () => {
  it('have slugs of their own', async () => {
    const { database } = store;
    const endpoint = { workspace, slug: 'help', follow: true, routes: [] };
    await insertEndpoint(database, endpoint);
    await expect(insertEndpoint(database, endpoint)).rejects.toMatchObject({ code: 'endpoint-exists' });
    await changeEndpoint(database, { ...endpoint, follow: false });
    expect(await readEndpoint(database, endpoint)).toMatchObject({ follow: false });
    expect(await listEndpoints(database, { workspace })).toHaveLength(1);
    await deleteEndpoint(database, endpoint);
    await expect(readEndpoint(database, endpoint)).rejects.toMatchObject({ code: 'endpoint-unknown' });
  });
});

describe('settings', () => {
  it('are what they were set to last', async () => {
    const { database } = store;
    expect(await readSetting(database, { workspace, name: 'theme' })).toBeNull();
    await putSetting(database, { workspace, name: 'theme', value: { dark: false } });
    await putSetting(database, { workspace, name: 'theme', value: { dark: true } });
    expect(await readSetting(database, { workspace, name: 'theme' })).toEqual({ dark: true });
  });
});
