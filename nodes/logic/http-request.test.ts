import { checkSettings, derivePorts } from '@kumiki/flow';
import type { PortValue } from '@kumiki/node-sdk';
import { MemoryWeb } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { makePassage } from '../testing/samples.ts';
import { httpRequest } from './http-request.ts';

const address = 'https://crm.example/tickets';

async function call(
  settings: Record<string, unknown>,
  variables: Record<string, PortValue> = {},
  answer: Parameters<MemoryWeb['pages']['set']>[1] = { body: 'ok' },
) {
  const web = new MemoryWeb();
  // Whatever address the node makes of its settings is there.
  web.pages.get = () => answer;
  const context = createFakeContext({ web });
  const made = runNode(httpRequest, { settings: { url: address, ...settings }, variables, context });
  return { made: await made, sent: web.requests[0], web };
}

describe('logic/http-request', () => {
  it('sends its key with every request, whatever the settings say, and gives answer and status', async () => {
    const headers = [{ name: 'Idempotency-Key', value: 'mine' }];
    const { made, sent } = await call({ headers, body: '{}' }, {}, { status: 201, body: '受け付けました' });
    expect(made).toEqual({ response: '受け付けました', status: 201 });
    expect(sent).toEqual({
      url: address,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'key' },
      body: '{}',
      timeoutMilliseconds: 30_000,
    });
  });

  it('puts values into the strings of a JSON body, and as they are where they stand alone', async () => {
    const passages = [makePassage('本文')];
    const body = JSON.stringify({
      text: '質問：{{question}}',
      '{{question}}': [' {{count}} ', '{{passages}}', '{{missing}}', 5, null, true],
    });
    const { sent } = await call({ body }, { question: '"a"},\n{"b":1', count: 3, passages });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      text: '質問："a"},\n{"b":1',
      '"a"},\n{"b":1': [3, JSON.parse(JSON.stringify(passages)), null, 5, null, true],
    });
  });

  it('puts values into a body of text, and sends none with GET or where it is empty', async () => {
    const { sent } = await call({ format: 'text', body: '{{q}}と{{n}}' }, { q: '{{n}}', n: 2 });
    expect(sent).toMatchObject({ body: '{{n}}と2', headers: { 'content-type': 'text/plain; charset=utf-8' } });
    for (const settings of [{ method: 'GET', body: '{}' }, { body: ' \n' }]) {
      const { sent: bare } = await call(settings);
      expect(bare).not.toHaveProperty('body');
      expect(bare?.headers).not.toHaveProperty('content-type');
    }
  });

  it.each([
    ['a/../b', 'https://crm.example/tickets/a%2F..%2Fb?n=1'],
    ['x?admin=1#y', 'https://crm.example/tickets/x%3Fadmin%3D1%23y?n=1'],
    ['@evil.example', 'https://crm.example/tickets/%40evil.example?n=1'],
    ['返品', 'https://crm.example/tickets/%E8%BF%94%E5%93%81?n=1'],
    ['\ud800', 'https://crm.example/tickets/%EF%BF%BD?n=1'],
  ])('keeps the value %j in its place in the address', async (id, url) => {
    const { sent } = await call({ method: 'GET', url: `${address}/{{id}}?n={{n}}` }, { id, n: 1 });
    expect(sent?.url).toBe(url);
  });

  it.each(['.', '..'])('refuses the value %j in an address', async (id) => {
    await expect(call({ url: `${address}/{{id}}/close` }, { id })).rejects.toMatchObject({
      code: 'web-address-invalid',
    });
  });

  it('hands a secret over by its name, behind the text of its header', async () => {
    const { sent } = await call(
      {
        headers: [
          { name: 'Authorization', value: 'Bearer ', secret: { $secret: 'crm' } },
          { name: 'X-Key', secret: { $secret: 'crm' } },
          { name: 'Content-Type', value: 'application/problem+json' },
          { name: 'X-User', value: '{{user}}' },
        ],
        body: '{}',
      },
      { user: 'u-1' },
    );
    expect(sent?.headers).toMatchObject({
      authorization: { prefix: 'Bearer', $secret: 'crm' },
      'x-key': { prefix: '', $secret: 'crm' },
      'content-type': 'application/problem+json',
      'x-user': 'u-1',
    });
  });

  it.each([
    ['{"a":[1]}', { a: [1] }],
    ['', null],
    ['"x"', 'x'],
  ])('reads %j as JSON where it shall', async (body, response) => {
    expect((await call({ answer: 'json' }, {}, { body })).made).toEqual({ response, status: 200 });
  });

  it('fails by name where the answer is not the JSON that it shall be', async () => {
    const answer = { body: '<html>secret of theirs' };
    const failure: unknown = await call({ answer: 'json' }, {}, answer).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'http-answer-not-json' });
    // A cause would quote the answer into the log.
    expect(failure).not.toHaveProperty('cause');
  });

  it.each([
    [503, true],
    [429, true],
    [408, true],
    [500, false],
    [404, false],
    [400, false],
  ])('fails on the status %i, and is tried again: %s', async (status, retryable) => {
    const answer = { status, body: 'no' };
    await expect(call({}, {}, answer)).rejects.toMatchObject({ code: 'http-request-failed', retryable });
    expect((await call({ acceptErrors: true }, {}, answer)).made).toEqual({ response: 'no', status });
  });

  it('has an input for each variable of address, headers and body, and puts out the kind that is set', () => {
    const settings = {
      url: `${address}/{{id}}`,
      headers: [{ name: '{{no}}', value: '{{user}}', secret: { $secret: 'crm' } }],
      body: '{"text":"{{question}} {{id}}"}',
      answer: 'json',
    };
    const { inputs, outputs } = derivePorts({ settings }, httpRequest.description, {});
    expect(Object.keys(inputs)).toEqual(['id', 'user', 'question']);
    expect(outputs).toMatchObject({ response: { kind: 'json' }, status: { kind: 'number' } });
  });

  it('wants a JSON body to be JSON before anything is sent', () => {
    const check = (settings: Record<string, string>) => {
      const node = { type: 'logic/http-request', version: 1, settings, position: { x: 0, y: 0 } };
      return checkSettings('call', node, httpRequest.description, httpRequest.settings).map(({ path }) => path);
    };
    const body = '{"text": {{question}}}';
    expect(check({ url: address, body })).toEqual(['/nodes/call/settings/body']);
    expect(check({ url: address, body, format: 'text' })).toEqual([]);
    expect(check({ url: address, body: '{"text": "{{question}}"}' })).toEqual([]);
  });
});
