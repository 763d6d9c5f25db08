import type { ChatEvent, ModelHost } from '@kumiki/node-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOpenAiCompatibleHost } from './openai-compatible-host.ts';
import type { FakeAnswer } from './testing/fake-http-server.ts';
import { sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

const signal = new AbortController().signal;
const request = { model: 'm', messages: [{ role: 'user', content: 'Hi.' }], temperature: 0, maximumTokens: 8 } as const;

/** A host that lists model `m` and answers everything else by `answer`. */
async function startHost(answer: FakeAnswer, apiKey?: string) {
  const server = await startFakeHttpServer((received, response) => {
    if (received.path === '/v1/models')
      sendJson(response, 200, { object: 'list', data: [{ id: 'm', max_model_len: 2048 }] });
    else answer(received, response);
  });
  const host = createOpenAiCompatibleHost({ address: server.address, ...(apiKey !== undefined && { apiKey }) });
  onTestFinished(() => host.close());
  return { host, requests: server.requests, countConnections: server.countConnections };
}

async function chat(host: ModelHost): Promise<readonly ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const event of host.chat(request, signal)) events.push(event);
  return events;
}

const chunk = (content: string | null, reason: string | null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: reason }] })}\n\n`;

describe('what such servers say, and what it is called here', () => {
  it.each([{}, { data: 'vectors' }, { data: [{ index: 0 }] }, ['rubbish']])(
    'names a host that answers rubbish to texts: %j',
    async (rubbish) => {
      const { host } = await startHost((_, response) => sendJson(response, 200, rubbish));
      const embedding = host.embed({ model: 'm', texts: ['a'] }, signal);
      await expect(embedding).rejects.toMatchObject({ code: 'model-host-failed' });
    },
  );

  it.each([
    [429, 'Too many requests', 'model-host-busy', true],
    [503, 'Loading model', 'model-host-busy', true],
    [500, 'CUDA out of memory. Tried to allocate 2.00 GiB', 'model-out-of-memory', false],
    [404, 'The model `m` does not exist.', 'model-unknown', false],
    [
      400,
      "This model's maximum context length is 2048 tokens. However, you requested 4000 tokens",
      'model-input-too-long',
      false,
    ],
    [501, 'This server does not support embeddings. Start it with `--embeddings`', 'model-purpose', false],
    [401, 'Invalid API Key', 'model-host-refused', false],
    [500, 'something else', 'model-host-failed', false],
  ])('%i %s', async (status, message, code, retryable) => {
    const { host } = await startHost((_, response) => sendJson(response, status, { error: { message } }));
    await expect(chat(host)).rejects.toMatchObject({ code, retryable });
    await expect(host.embed({ model: 'm', texts: ['a'] }, signal)).rejects.toMatchObject({ code, retryable });
  });

  it.each([
    ['ends without saying why', (response: Parameters<FakeAnswer>[1]) => response.end('data: [DONE]\n\n')],
    ['breaks off', (response: Parameters<FakeAnswer>[1]) => response.destroy()],
    [
      'ends in an error',
      (response: Parameters<FakeAnswer>[1]) =>
        response.end('data: {"error":{"message":"slot was lost","code":500}}\n\n'),
    ],
  ])('takes no answer for whole whose stream %s', async (_, finish) => {
    const { host } = await startHost((_received, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('Once', null), () => finish(response));
    });
    await expect(chat(host)).rejects.toMatchObject({ code: 'model-stream-cut', retryable: true });
  });

  it('counts as nothing what a host tells no usage of', async () => {
    const { host } = await startHost((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk('Hi', null)}${chunk(null, 'stop')}data: [DONE]\n\n`);
    });
    expect(await chat(host)).toEqual([
      { type: 'delta', text: 'Hi' },
      { type: 'end', reason: 'stop', usage: { promptTokens: 0, completionTokens: 0 } },
    ]);
  });
});

describe('what such servers leave open', () => {
  it('keeps its connection from question to question', async () => {
    const { host, countConnections } = await startHost((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('Hi', null));
      response.end(`${chunk(null, 'stop')}data: [DONE]\n\n`);
    });
    await chat(host);
    const before = countConnections();
    for (let round = 0; round < 8; round += 1) await chat(host);
    // One that is asked before the last answer has ended takes a second connection.
    expect(countConnections()).toBeLessThanOrEqual(before + 1);
  });

  it('follows a server that says where it has moved', async () => {
    const { host } = await startHost(({ path }, response) => {
      if (path === '/v1/chat/completions') response.writeHead(308, { location: '/moved' }).end();
      else response.end(`${chunk('Hi', 'stop')}data: [DONE]\n\n`);
    });
    expect(await chat(host)).toHaveLength(2);
  });

  it('puts vectors in the order of the texts by their index', async () => {
    const { host } = await startHost((_, response) =>
      sendJson(response, 200, {
        data: [
          { index: 1, embedding: [0, 2] },
          { index: 0, embedding: [3, 0] },
        ],
      }),
    );
    const { vectors } = await host.embed({ model: 'm', texts: ['a', 'b'] }, signal);
    expect(vectors).toEqual([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
  });

  it('finds out what a model is for by embedding one word, once', async () => {
    const { host, requests } = await startHost(({ path }, response) => {
      if (path === '/v1/embeddings') sendJson(response, 200, { data: [{ index: 0, embedding: [1, 2, 2] }] });
      else sendJson(response, 404, { error: 'no such route' });
    });
    expect(await host.inspect('m', signal)).toMatchObject({
      purposes: ['embedding'],
      dimensions: 3,
      contextLength: 2048,
    });
    await host.inspect('m', signal);
    expect(requests.filter(({ path }) => path === '/v1/embeddings')).toHaveLength(1);
  });

  it('counts no tokens where there is no route for it', async () => {
    const { host } = await startHost((_, response) => sendJson(response, 404, { error: { message: 'no such route' } }));
    expect(await host.countTokens('m', ['a'], signal)).toBeNull();
  });

  it('sends the key, and never shows it', async () => {
    const { host, requests } = await startHost(
      (_, response) => sendJson(response, 401, { error: { message: 'Incorrect API key provided: secret' } }),
      'secret',
    );
    const error = await chat(host).catch((reason: unknown) => reason);
    expect(requests.at(-1)?.headers.authorization).toBe('Bearer secret');
    expect(error).toMatchObject({ code: 'model-host-refused' });
    expect(JSON.stringify((error as { text: unknown }).text)).not.toContain('secret');
  });
});
