import type { ChatAdapter, ModelHost } from '@kumiki/node-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOpenAiCompatibleHost } from './openai-compatible-host.ts';
import type { FakeAnswer } from './testing/fake-http-server.ts';
import { sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

const signal = new AbortController().signal;
const digest = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const vllmName = 'kumiki-0123456789abcdef';

function makeAdapter(): ChatAdapter & { readonly asked: string[] } {
  const asked: string[] = [];
  const give = (form: string, place: string) => async () => {
    asked.push(form);
    return place;
  };
  return {
    digest,
    base: 'sha256:00',
    asked,
    ggufFile: give('gguf', `/data/adapters/adapter-${digest.slice(7, 23)}.gguf`),
    mergedFile: give('merged', '/data/merged.gguf'),
    peftFolder: give('peft', '/data/adapters/peft'),
  };
}

async function startHost(owner: string, models: readonly object[], answer: FakeAnswer) {
  const server = await startFakeHttpServer((received, response) => {
    if (received.path === '/v1/models') sendJson(response, 200, { data: [{ id: 'm', owned_by: owner }, ...models] });
    else answer(received, response);
  });
  const host = createOpenAiCompatibleHost({ address: server.address });
  onTestFinished(() => host.close());
  const bodies = (path: string) => server.requests.filter((request) => request.path === path).map(({ body }) => body);
  return { host, bodies };
}

async function chat(host: ModelHost, adapter?: ChatAdapter, until = signal): Promise<void> {
  const messages = [{ role: 'user', content: 'Hi.' }] as const;
  const request = { model: 'm', messages, temperature: 0, maximumTokens: 8 };
  for await (const _ of host.chat({ ...request, ...(adapter !== undefined && { adapter }) }, until));
}

const sayHi: FakeAnswer = (_, response) =>
  response.end('data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');

describe('vLLM', () => {
  const loadPath = '/v1/load_lora_adapter';

  it('is given the adapter once, under a name of its digest, and asked by that', async () => {
    const { host, bodies } = await startHost('vllm', [], (received, response) => {
      if (received.path === loadPath) response.end('Success: LoRA adapter added successfully.');
      else sayHi(received, response);
    });
    const adapter = makeAdapter();
    await Promise.all([chat(host, adapter), chat(host, adapter), chat(host)]);
    await chat(host, adapter);
    expect(bodies(loadPath)).toEqual([{ lora_name: vllmName, lora_path: '/data/adapters/peft' }]);
    const models = bodies('/v1/chat/completions').map((body) => (body as { model: string }).model);
    expect(models.toSorted()).toEqual(['m', vllmName, vllmName, vllmName].toSorted());
    expect(adapter.asked).toEqual(['peft']);
  });

  it('is given it by the one who waits where the one who asked first leaves', async () => {
    const reached = Promise.withResolvers<() => void>();
    const { host } = await startHost('vllm', [], (received, response) => {
      if (received.path === loadPath) reached.resolve(() => response.end('Success'));
      else sayHi(received, response);
    });
    const controller = new AbortController();
    const gone = chat(host, makeAdapter(), controller.signal);
    const release = await reached.promise;
    const stays = chat(host, makeAdapter());
    controller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    release();
    await stays;
  });

  it('that has it from an earlier process is asked by its name', async () => {
    const said = { error: { message: `The lora adapter '${vllmName}' has already been loaded.` } };
    const { host } = await startHost('vllm', [], (received, response) => {
      if (received.path === loadPath) sendJson(response, 400, said);
      else sayHi(received, response);
    });
    await chat(host, makeAdapter());
  });

  it('that was started anew is given it again', async () => {
    let isLoaded = false;
    const { host, bodies } = await startHost('vllm', [], (received, response) => {
      if (received.path === loadPath) {
        isLoaded = true;
        response.end('Success');
      } else if (isLoaded) sayHi(received, response);
      else sendJson(response, 404, { object: 'error', message: `The model \`${vllmName}\` does not exist.` });
    });
    await chat(host, makeAdapter());
    isLoaded = false;
    await chat(host, makeAdapter());
    expect(bodies(loadPath)).toHaveLength(2);
  });

  it.each([
    [404, { detail: 'Not Found' }, 'VLLM_ALLOW_RUNTIME_LORA_UPDATING=True'],
    [404, { object: 'error', message: 'Loading lora failed: No adapter found for /data/adapters/peft' }, 'Mount'],
    [400, { object: 'error', message: 'LoRA rank 64 is greater than max_lora_rank 16.' }, '--max-lora-rank'],
  ])('that refuses it is told what to do about it: %i %j', async (status, said, advice) => {
    const { host } = await startHost('vllm', [], (_, response) => sendJson(response, status, said));
    const error = await chat(host, makeAdapter()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'adapter-not-served', message: expect.stringContaining(advice) });
    expect(JSON.stringify((error as { text: unknown }).text)).not.toContain('/data');
  });

  it('does not show it among its models, and takes it out when asked', async () => {
    const { host, bodies } = await startHost('vllm', [{ id: vllmName, parent: 'm' }], (received, response) => {
      if (received.path === '/v1/chat/completions') sayHi(received, response);
      else response.end('Success');
    });
    expect((await host.list(signal)).map(({ name }) => name)).toEqual(['m']);
    await chat(host, makeAdapter());
    await host.unload?.(signal);
    expect(bodies('/v1/unload_lora_adapter')).toEqual([{ lora_name: vllmName }]);
    await chat(host, makeAdapter());
    expect(bodies(loadPath)).toHaveLength(2);
  });
});

describe('llama-server', () => {
  const served = [
    { id: 0, path: '/models/another.gguf', scale: 1 },
    { id: 1, path: `/models/adapter-${digest.slice(7, 23)}.gguf`, scale: 0 },
  ];

  const start = (adapters: readonly object[]) =>
    startHost('llamacpp', [], (received, response) => {
      if (received.path === '/lora-adapters') sendJson(response, 200, adapters);
      else sayHi(received, response);
    });

  it('is told of each of its adapters whether it counts, and to take over nothing that it has read', async () => {
    const { host, bodies } = await start(served);
    await chat(host, makeAdapter());
    await chat(host);
    const [tuned, base] = bodies('/v1/chat/completions');
    expect(tuned).toMatchObject({
      model: 'm',
      cache_prompt: false,
      lora: [
        { id: 0, scale: 0 },
        { id: 1, scale: 1 },
      ],
    });
    expect(base).toMatchObject({
      cache_prompt: false,
      lora: [
        { id: 0, scale: 0 },
        { id: 1, scale: 0 },
      ],
    });
  });

  it('without any takes over what it has read', async () => {
    const { host, bodies } = await start([]);
    await chat(host);
    expect(bodies('/v1/chat/completions')[0]).not.toHaveProperty('cache_prompt');
    expect(bodies('/v1/chat/completions')[0]).not.toHaveProperty('lora');
  });

  it('is not asked what it has before each question, but is once its connection has ended', async () => {
    let mayKeep = true;
    const adapters: object[] = [];
    const { host, bodies } = await startHost('llamacpp', [], (received, response) => {
      if (received.path === '/lora-adapters') sendJson(response, 200, adapters);
      else {
        if (!mayKeep) response.setHeader('connection', 'close');
        sayHi(received, response);
      }
    });
    for (let round = 0; round < 3; round += 1) await chat(host);
    expect(bodies('/lora-adapters')).toHaveLength(1);
    mayKeep = false;
    await chat(host);
    adapters.push(...served);
    await expect
      .poll(async () => {
        await chat(host);
        return bodies('/v1/chat/completions').at(-1);
      })
      .toHaveProperty('lora');
  });

  it('that lacks the adapter is told how it is started with it, by a name and not by a place', async () => {
    const { host } = await start([{ id: 0, path: '/models/another.gguf' }]);
    const error = await chat(host, makeAdapter()).catch((reason: unknown) => reason);
    const flag = `--lora-scaled adapter-${digest.slice(7, 23)}.gguf:0`;
    expect(error).toMatchObject({ code: 'adapter-not-served', message: expect.stringContaining(flag) });
    expect(JSON.stringify((error as { text: unknown }).text)).not.toContain('/data');
  });
});
