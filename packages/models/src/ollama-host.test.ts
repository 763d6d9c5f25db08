import type { ChatEvent, ModelHost } from '@kumiki/node-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOllamaHost } from './ollama-host.ts';
import type { FakeAnswer } from './testing/fake-http-server.ts';
import { sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

const signal = new AbortController().signal;
const request = { model: 'm', messages: [{ role: 'user', content: 'Hi.' }], temperature: 0, maximumTokens: 8 } as const;

/** A host that tells of model `m` and answers everything else by `answer`. */
async function startHost(answer: FakeAnswer) {
  const server = await startFakeHttpServer((received, response) => {
    if (received.path === '/api/tags') {
      sendJson(response, 200, { models: [{ name: 'm:latest', digest: 'aa', size: 5, details: {} }] });
    } else if (received.path === '/api/show') {
      const info = { 'general.architecture': 'bert', 'bert.context_length': 512, 'bert.embedding_length': 2 };
      sendJson(response, 200, { capabilities: ['embedding'], model_info: info });
    } else answer(received, response);
  });
  const host = createOllamaHost({ address: server.address });
  onTestFinished(() => host.close());
  return { host, requests: server.requests, countConnections: server.countConnections };
}

async function chat(host: ModelHost): Promise<readonly ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const event of host.chat(request, signal)) events.push(event);
  return events;
}

const embedding = (host: ModelHost, texts: readonly string[]) => host.embed({ model: 'm', texts }, signal);

describe('what a real Ollama says, and what it is called here', () => {
  it.each([
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'model-host-busy', true],
    [500, 'model requires more system memory (9.1 GiB) than is available (3.2 GiB)', 'model-out-of-memory', false],
    [500, 'llama runner process has terminated: cudaMalloc failed: out of memory', 'model-out-of-memory', false],
    [500, 'llama runner process has terminated: signal: killed', 'model-out-of-memory', false],
    [404, "model 'm' not found", 'model-unknown', false],
    [400, '"m" does not support chat', 'model-purpose', false],
    [400, 'the input length exceeds the context length', 'model-input-too-long', false],
    [401, 'unauthorized', 'model-host-refused', false],
    [500, 'unable to load model: /usr/share/ollama/.ollama/models/blobs/sha256-aa', 'model-host-failed', false],
  ])('%i %s', async (status, said, code, retryable) => {
    const { host } = await startHost((_, response) => sendJson(response, status, { error: said }));
    await expect(chat(host)).rejects.toMatchObject({ code, retryable });
    await expect(embedding(host, ['a'])).rejects.toMatchObject({ code, retryable });
  });

  it('keeps the places of files to itself', async () => {
    const said = 'unable to load model: /usr/share/ollama/.ollama/models/blobs/sha256-aa';
    const { host } = await startHost((_, response) => sendJson(response, 500, { error: said }));
    await expect(chat(host)).rejects.toThrow(/unable to load model: …/);
  });

  it('names an error that comes inside the stream, after the status said that all is well', async () => {
    const { host } = await startHost((_, response) => {
      response.writeHead(200);
      response.write('{"message":{"role":"assistant","content":"Once"},"done":false}\n');
      response.end('{"error":"an error was encountered while running the model: unexpected EOF"}\n');
    });
    await expect(chat(host)).rejects.toMatchObject({ code: 'model-stream-cut', retryable: true });
  });

  it.each([
    ['ends', (response: Parameters<FakeAnswer>[1]) => response.end()],
    ['breaks off', (response: Parameters<FakeAnswer>[1]) => response.destroy()],
  ])('takes no answer for whole whose stream just %s', async (_, finish) => {
    const { host } = await startHost((_request, response) => {
      response.writeHead(200);
      response.write('{"message":{"role":"assistant","content":"Once"},"done":false}\n', () => finish(response));
    });
    await expect(chat(host)).rejects.toMatchObject({ code: 'model-stream-cut', retryable: true });
  });

  it('says so where something else answers at the address', async () => {
    const { address } = await startFakeHttpServer((_, response) => sendJson(response, 200, { hello: 'world' }));
    const host = createOllamaHost({ address });
    await expect(host.list(signal)).rejects.toMatchObject({ code: 'model-host-failed' });
  });
});

describe('what is sent to Ollama', () => {
  it('goes over a connection that is kept from question to question', async () => {
    const { host, countConnections } = await startHost((_, response) => {
      response.write('{"message":{"role":"assistant","content":"Hi"},"done":false}\n');
      response.end('{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n');
    });
    await chat(host);
    const before = countConnections();
    for (let round = 0; round < 8; round += 1) await chat(host);
    // One that is asked before the last answer has ended takes a second connection.
    expect(countConnections()).toBeLessThanOrEqual(before + 1);
  });

  it('always says how long the context is, and that nothing may be dropped from it', async () => {
    const { host, requests } = await startHost((_, response) =>
      response.end('{"message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop","eval_count":1}\n'),
    );
    await chat(host);
    expect(requests[0]?.body).toMatchObject({
      truncate: false,
      shift: false,
      options: { num_ctx: 4096, num_predict: 8 },
    });
  });

  it('keeps a batch below the tokens at which it would be cut', async () => {
    const { host, requests } = await startHost((received, response) => {
      const { input } = received.body as { input: readonly string[] };
      sendJson(response, 200, { embeddings: input.map((text) => [text.length, 0]), prompt_eval_count: 1 });
    });
    const texts = Array.from({ length: 100 }, (_, index) => '字'.repeat(1 + index * 7));
    const { vectors } = await embedding(host, texts);
    expect(vectors).toHaveLength(100);
    for (const { body } of requests.filter(({ path }) => path === '/api/embed')) {
      expect(body).toMatchObject({ truncate: false, options: { num_ctx: 512 } });
      const { input } = body as { input: readonly string[] };
      expect(input.join('').length <= 1800 || input.length === 1).toBe(true);
    }
  });

  it('embeds one by one what was cut all the same', async () => {
    const { host } = await startHost((received, response) => {
      const { input } = received.body as { input: readonly string[] };
      const wasCut = input.length > 1;
      const embeddings = input.map((text) => [wasCut ? 1 : text.charCodeAt(0), 1]);
      sendJson(response, 200, { embeddings, prompt_eval_count: wasCut ? 2048 : 5 });
    });
    const { vectors, tokens } = await embedding(host, ['a', 'b']);
    expect(tokens).toBe(10);
    expect(vectors[1]?.[0]).toBeCloseTo(98 / Math.hypot(98, 1), 6);
  });

  it('takes no fewer vectors than texts, and none without a direction', async () => {
    const few = await startHost((_, response) => sendJson(response, 200, { embeddings: [[1, 0]] }));
    await expect(embedding(few.host, ['a', 'b'])).rejects.toMatchObject({ code: 'model-host-failed' });
    const zero = await startHost((_, response) => sendJson(response, 200, { embeddings: [[0, 0]] }));
    await expect(embedding(zero.host, ['a'])).rejects.toMatchObject({ code: 'model-host-failed' });
  });
});

describe('what older versions do not tell', () => {
  it('knows an embedding model by its pooling', async () => {
    const { address } = await startFakeHttpServer(({ path }, response) => {
      if (path === '/api/tags') {
        const models = [{ name: 'm:latest', digest: 'aa', size: 5, details: { quantization_level: 'F16' } }];
        sendJson(response, 200, { models });
      } else {
        const info = { 'general.architecture': 'bert', 'bert.pooling_type': 1, 'bert.embedding_length': 384 };
        sendJson(response, 200, { model_info: info, license: 'MIT License\n\nCopyright' });
      }
    });
    const host = createOllamaHost({ address });
    expect(await host.inspect('m', signal)).toEqual({
      name: 'm',
      purposes: ['embedding'],
      digest: 'sha256:aa',
      bytes: 5,
      contextLength: null,
      dimensions: 384,
      template: null,
      quantisation: 'F16',
      licence: 'MIT License',
    });
  });
});

describe('the address of a host', () => {
  it.each(['127.0.0.1:1', 'http://127.0.0.1:1/', 'http://127.0.0.1:1/api/', 'http://127.0.0.1:1/v1'])(
    'may be %s',
    async (address) => {
      const host = createOllamaHost({ address });
      await expect(host.list(signal)).rejects.toMatchObject({
        code: 'model-host-down',
        message: expect.stringContaining('127.0.0.1:1)'),
      });
    },
  );

  it.each(['', 'file:///etc', 'http://'])('is refused where it is none: "%s"', (address) => {
    expect(() => createOllamaHost({ address })).toThrow(expect.objectContaining({ code: 'model-host-address' }));
  });
});
