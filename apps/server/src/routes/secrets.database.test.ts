import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench();
});
afterAll(() => test.close());

const list = async () => (await test.call('GET', '/api/secrets')).body.items.map(({ name }: { name: string }) => name);

describe('a secret', () => {
  it('is kept, replaced and deleted by its name, and its value never comes back', async () => {
    const save = (value: string) => test.call('POST', '/api/secrets', { name: 'crm', value });
    expect(await save('first value')).toMatchObject({ status: 201, body: { name: 'crm' } });
    expect((await save('second value')).status).toBe(201);
    const listed = await test.call('GET', '/api/secrets');
    expect(listed.body.items).toMatchObject([{ name: 'crm' }]);
    expect(JSON.stringify(listed.body)).not.toContain('value');
    expect((await test.call('DELETE', '/api/secrets/crm')).status).toBe(204);
    expect((await test.call('DELETE', '/api/secrets/crm')).body.code).toBe('secret-unknown');
    expect(await list()).toEqual([]);
  });

  it('is never the key of a model host, which stays with its host', async () => {
    const host = { kind: 'openai-compatible', name: 'vllm', address: 'http://127.0.0.1:9', key: 'sk-1' };
    expect((await test.call('POST', '/api/model-hosts', host)).status).toBe(201);
    expect(await list()).toEqual([]);
    const name = 'model-host-0198';
    const refused = { status: 422, body: { code: 'secret-reserved' } };
    expect(await test.call('POST', '/api/secrets', { name, value: 'x' })).toMatchObject(refused);
    expect(await test.call('DELETE', `/api/secrets/${name}`)).toMatchObject(refused);
  });
});
