import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApplication } from '../application.ts';
import { contractRoutes } from '../contract/document.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench({ KUMIKI_PASSWORD: 'a long password' });
});
afterAll(() => test.close());

const nobody = { authorization: 'none' };

function readToken(link: string): string {
  return new URL(link).searchParams.get('token') ?? '';
}

async function signIn(credentials: object): Promise<{ status: number; cookie: string }> {
  const answer = await test.call('POST', '/api/session', credentials, nobody);
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
}

describe('signing in', () => {
  it('works once by a link, and ends with signing out', async () => {
    const { link } = (await test.call('POST', '/api/session/links')).body;
    const { status, cookie } = await signIn({ token: readToken(link) });
    expect(status).toBe(200);
    expect((await signIn({ token: readToken(link) })).status).toBe(401);
    expect((await test.call('GET', '/api/session', undefined, { cookie })).status).toBe(200);
    expect((await test.call('DELETE', '/api/session', undefined, { cookie })).status).toBe(204);
    expect((await test.call('GET', '/api/session', undefined, { cookie })).status).toBe(401);
  });

  it('sets a cookie that scripts cannot read', async () => {
    const answer = await test.call('POST', '/api/session', { password: 'a long password' }, nobody);
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/);
    expect(answer.headers.get('set-cookie')).toMatch(/SameSite=Lax/);
  });

  it('is refused with a wrong password, and for a while after ten of them', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await signIn({ password: 'guess' })).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('calls without a right to them', () => {
  it('are 401 without cookie or key, on every route but those that are open', async () => {
    const open = ['/health/live', '/health/ready', '/api/session'];
    for (const { method, path } of contractRoutes) {
      if (open.includes(path)) continue;
      const answer = await test.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x'), undefined, nobody);
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 401`);
    }
  });

  it('are 403 with a key of another scope, or for another endpoint', async () => {
    const ofV1 = (await test.call('POST', '/api/keys', { name: 'v1', endpoints: ['help'] })).body;
    const ofApi = (await test.call('POST', '/api/keys', { name: 'api', scopes: ['api'] })).body;
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    expect((await test.call('GET', '/api/flows', undefined, bearer(ofV1.key))).status).toBe(403);
    expect((await test.call('GET', '/api/flows', undefined, bearer(ofApi.key))).status).toBe(200);
    expect((await test.call('GET', '/v1/models', undefined, bearer(ofApi.key))).status).toBe(403);
    const other = await test.call('POST', '/v1/endpoints/other', { inputs: {} }, bearer(ofV1.key));
    expect(other).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
    expect((await test.call('POST', '/api/session/links', undefined, bearer(ofApi.key))).status).toBe(403);
    const file = { file: '/etc/flow.json', document: {} };
    expect((await test.call('PUT', '/api/flow-files', file, bearer(ofApi.key))).status).toBe(403);
  });

  it('are 401 from the moment that a key is revoked', async () => {
    const { id, key } = (await test.call('POST', '/api/keys', { name: 'brief', scopes: ['api'] })).body;
    const headers = { authorization: `Bearer ${key}` };
    expect((await test.call('GET', '/api/keys', undefined, headers)).status).toBe(200);
    expect((await test.call('DELETE', `/api/keys/${id}`)).status).toBe(204);
    expect((await test.call('GET', '/api/keys', undefined, headers)).status).toBe(401);
  });
});

describe('what comes from elsewhere', () => {
  it('is refused under a host name that is not this server’s', async () => {
    const answer = await test.call('GET', '/api/session', undefined, { host: 'attacker.example' });
    expect(answer).toMatchObject({ status: 421, body: { code: 'wrong-host' } });
    expect((await test.call('GET', '/api/session', undefined, { host: 'localhost:9999' })).status).toBe(200);
  });

  it('is refused where a page of another site sends it with the cookie', async () => {
    const { link } = (await test.call('POST', '/api/session/links')).body;
    const { cookie } = await signIn({ token: readToken(link) });
    const create = (headers: Record<string, string>) =>
      test.call('POST', '/api/collections', { name: crypto.randomUUID() }, { cookie, ...headers });
    expect((await create({ origin: 'http://127.0.0.1' })).status).toBe(201);
    expect((await create({ origin: 'http://attacker.example' })).body.code).toBe('wrong-origin');
    // Another port of this machine is the same site to a cookie, and another origin all the same.
    expect((await create({ origin: 'http://127.0.0.1:3000' })).status).toBe(403);
    expect((await create({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await create({ origin: 'null' })).status).toBe(403);
  });
});

describe('answers', () => {
  it('carry a policy that allows neither inline scripts nor eval', async () => {
    const policy = (await test.call('GET', '/health/live')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
  });

  it('never bring a secret back', async () => {
    await test.call('POST', '/api/secrets', { name: 'vllm', value: 'hush-hush' });
    const list = await test.call('GET', '/api/secrets');
    expect(list.body.items).toMatchObject([{ name: 'vllm' }]);
    expect(JSON.stringify(list.body)).not.toContain('hush');
    const host = { kind: 'openai-compatible', name: 'gpu', address: 'http://127.0.0.1:9/v1', key: 'hush-hush' };
    const added = await test.call('POST', '/api/model-hosts', host);
    expect(added).toMatchObject({ status: 201, body: { id: 'gpu', hasKey: true } });
    expect(JSON.stringify(added.body)).not.toContain('hush');
    const tested = await test.call('POST', '/api/model-hosts/gpu/test');
    expect(tested.body).toMatchObject({ reachable: false, error: { code: 'model-host-down' } });
    expect((await test.call('POST', '/api/model-hosts', { ...host, name: 'embedded' })).status).toBe(409);
  });

  it('send the key of a model host to no other address than the one that it was given for', async () => {
    const path = '/api/model-hosts/moves';
    const host = { kind: 'openai-compatible', name: 'moves', address: 'http://127.0.0.1:9/v1' };
    await test.call('POST', '/api/model-hosts', { ...host, key: 'hush-hush' });
    const moved = { ...host, address: 'http://127.0.0.1:10/v1' };
    expect(await test.call('PUT', path, moved)).toMatchObject({ status: 422, body: { code: 'model-host-key-needed' } });
    expect((await test.call('PUT', path, host)).body).toMatchObject({ hasKey: true });
    expect((await test.call('PUT', path, { ...moved, key: 'other' })).body).toMatchObject({ hasKey: true });
    expect((await test.call('PUT', path, { ...host, key: '' })).body).toMatchObject({ hasKey: false });
  });

  it('exist for every route of the contract', () => {
    const served = new Set(createApplication(test.workbench).routes.map(({ method, path }) => `${method} ${path}`));
    const missing = contractRoutes.filter(({ method, path }) => {
      return !served.has(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    });
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('to unknown addresses are problems as well', async () => {
    expect((await test.call('GET', '/api/nothing')).body.code).toBe('route-unknown');
    expect((await test.call('GET', '/v1/models/nothing')).body.error.code).toBe('model_not_found');
  });
});
