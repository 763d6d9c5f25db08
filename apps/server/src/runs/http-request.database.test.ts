import { listSecrets } from '@kumiki/store';
import { buildFlowDocument } from '@kumiki/testkit';
import { afterEach, expect, it } from 'vitest';
import { startWebServer } from '../egress/testing/start-web-server.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { defaultWorkspace } from '../workbench.ts';

let test: TestWorkbench;
afterEach(() => test.close());

const drawCall = (url: string, secret: string) =>
  buildFlowDocument('Call')
    .node('question', 'input', { name: 'question' })
    .node('呼び出し', 'logic/http-request', {
      url,
      headers: [{ name: 'Authorization', value: 'Bearer', secret: { $secret: secret } }],
      body: '{"text":"{{question}}"}',
      answer: 'json',
    })
    .node('output', 'output', { name: 'answer' })
    .wire('question.value', '呼び出し.question')
    .wire('呼び出し.response', 'output.value')
    .build();

async function ask(url: string, secret: string) {
  const flow = (await test.call('POST', '/api/flows', { document: drawCall(url, secret) })).body.id;
  const started = await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question: '返品したい' } });
  expect(started.status).toBe(202);
  return (await test.followRun(started.body.id)).map(({ event }) => event);
}

it('every attempt carries the same key and the secret, which no event shows', async () => {
  test = await openTestWorkbench({ KUMIKI_EGRESS: '127.0.0.1' });
  await test.call('POST', '/api/secrets', { name: 'crm', value: 'very-secret-value' });
  const { address, requests } = await startWebServer((_, response) => {
    if (requests.length < 3) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ticket":7}');
  });
  const events = await ask(`${address}/tickets`, 'crm');
  expect(events.at(-1)).toMatchObject({ state: 'succeeded', outputs: { answer: { value: { ticket: 7 } } } });
  const keys = requests.map(({ headers }) => headers['idempotency-key']);
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  expect(keys[0]).toMatch(/.+\/%E5%91%BC%E3%81%B3%E5%87%BA%E3%81%97$/);
  expect(requests[0]).toMatchObject({
    method: 'POST',
    body: '{"text":"返品したい"}',
    headers: { authorization: 'Bearer very-secret-value' },
  });
  expect(JSON.stringify(events)).not.toContain('very-secret-value');

  await ask(`${address}/tickets`, 'crm');
  expect(requests.at(-1)?.headers['idempotency-key']).not.toBe(keys[0]);
});

it('a secret that is not there, and the key of a model host, are refused before anything leaves', async () => {
  test = await openTestWorkbench({ KUMIKI_EGRESS: '127.0.0.1' });
  const { address, requests } = await startWebServer((_, response) => response.end('{}'));
  await test.call('POST', '/api/model-hosts', {
    kind: 'openai-compatible',
    name: 'gpu',
    address: 'http://127.0.0.1:9/v1',
    key: 'key of the host',
  });
  const kept = await listSecrets(test.workbench.store.database, { workspace: defaultWorkspace });
  const hostKey = kept[0]?.name ?? '';
  for (const [secret, code] of [
    ['nobody', 'secret-unknown'],
    [hostKey, 'secret-reserved'],
  ] as const) {
    expect((await ask(address, secret)).at(-1)).toMatchObject({ state: 'failed', error: { code } });
  }
  expect(requests).toEqual([]);
});

it('a server inside the house is not called, unless the operator allows it', async () => {
  test = await openTestWorkbench();
  await test.call('POST', '/api/secrets', { name: 'crm', value: 'value' });
  const { address, requests } = await startWebServer((_, response) => response.end('{}'));
  expect((await ask(address, 'crm')).at(-1)).toMatchObject({ state: 'failed', error: { code: 'egress-refused' } });
  expect(requests).toEqual([]);
});
