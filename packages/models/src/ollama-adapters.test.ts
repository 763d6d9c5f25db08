import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChatAdapter, ModelHost } from '@kumiki/node-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nameTunedModel, readParameters } from './ollama-adapters.ts';
import { createOllamaHost } from './ollama-host.ts';
import { type FakeAnswer, sendJson, startFakeHttpServer } from './testing/fake-http-server.ts';

const signal = new AbortController().signal;
const base = { name: 'm:latest', digest: 'aa' };
const adapter = { digest: 'sha256:0123' };
const tunedName = nameTunedModel(base, adapter);
const shown = {
  template: '{{ .Prompt }}',
  system: 'Be kind.',
  parameters: 'num_thread                     1\nstop                           "<|im_end|>"',
};

/** An Ollama that has `m`, makes what it is told to, and answers everything else by `answer`. */
async function startHost(
  options: { quantisation?: string; blobs?: string[]; create?: FakeAnswer; running?: readonly object[] } = {},
) {
  const { quantisation = 'Q4_1', blobs = [] } = options;
  const names = ['m:latest'];
  const create: FakeAnswer = (_, response) => {
    names.push(tunedName);
    response.end('{"status":"writing manifest"}\n{"status":"success"}\n');
  };
  const server = await startFakeHttpServer((received, response) => {
    const { method, path: route } = received;
    if (route === '/api/tags') {
      const details = { quantization_level: quantisation };
      sendJson(response, 200, { models: names.map((name) => ({ name, digest: 'aa', size: 5, details })) });
    } else if (route === '/api/show') sendJson(response, 200, shown);
    else if (route === '/api/create') (options.create ?? create)(received, response);
    else if (route === '/api/ps') {
      const models = options.running ?? names.map((name) => ({ name, size: 100, size_vram: 60 }));
      sendJson(response, 200, { models });
    } else if (method === 'HEAD') response.writeHead(blobs.includes(route) ? 200 : 404).end();
    else if (route.startsWith('/api/blobs/')) {
      blobs.push(route);
      response.writeHead(201).end();
    } else if (route === '/api/delete') response.end('');
    else if (route === '/api/generate') sendJson(response, 200, { done: true });
    else response.end('{"message":{"content":"Hi"},"done":true,"done_reason":"stop"}\n');
  });
  const host = createOllamaHost({ address: server.address });
  onTestFinished(() => host.close());
  const sent = (route: string) => server.requests.filter((request) => request.path.startsWith(route));
  return { host, sent, blobs, names };
}

async function makeAdapter(): Promise<ChatAdapter & { readonly asked: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kumiki-merged-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'merged.gguf');
  // JSON, since the fake server reads all that it is sent as such.
  await writeFile(file, '{"weights":1}');
  const asked: string[] = [];
  const refuse = () => Promise.reject(new Error('not asked for here'));
  const mergedFile = async (type: string) => {
    asked.push(type);
    return file;
  };
  return { digest: adapter.digest, base: 'sha256:00', asked, ggufFile: refuse, peftFolder: refuse, mergedFile };
}

async function chat(host: ModelHost, tuned?: ChatAdapter): Promise<void> {
  const messages = [{ role: 'user', content: 'Hi.' }] as const;
  const request = { model: 'm', messages, temperature: 0, maximumTokens: 8 };
  for await (const _ of host.chat({ ...request, ...(tuned !== undefined && { adapter: tuned }) }, signal));
}

describe('a tuned model on Ollama', () => {
  it('is sent and made once, with what makes the base answer as it does, and asked by its own name', async () => {
    const { host, sent } = await startHost();
    const tuned = await makeAdapter();
    await Promise.all([chat(host, tuned), chat(host, tuned), chat(host)]);
    await chat(host, tuned);
    expect(tuned.asked).toEqual(['Q8_0']);
    expect(sent('/api/blobs/').map(({ method, body }) => [method, body])).toEqual([
      ['HEAD', null],
      ['POST', { weights: 1 }],
    ]);
    const [blob] = sent('/api/blobs/');
    expect(sent('/api/create').map(({ body }) => body)).toEqual([
      {
        model: tunedName,
        files: { 'merged.gguf': blob?.path.replace('/api/blobs/', '') },
        template: shown.template,
        system: shown.system,
        parameters: { num_thread: 1, stop: ['<|im_end|>'] },
      },
    ]);
    const asked = sent('/api/chat').map(({ body }) => (body as { model: string }).model);
    expect(asked.toSorted()).toEqual([tunedName, tunedName, tunedName, 'm'].toSorted());
  });

  it('is not sent where the host has its blob, nor merged where the host has the model', async () => {
    const first = await startHost();
    await chat(first.host, await makeAdapter());
    const again = await startHost({ blobs: [...first.blobs] });
    const tuned = await makeAdapter();
    await chat(again.host, tuned);
    expect(again.sent('/api/blobs/').map(({ method }) => method)).toEqual(['HEAD']);
    await chat(again.host, tuned);
    expect(tuned.asked).toHaveLength(1);
  });

  it('keeps whole numbers where the base has them', async () => {
    const { host } = await startHost({ quantisation: 'BF16' });
    const tuned = await makeAdapter();
    await chat(host, tuned);
    expect(tuned.asked).toEqual(['F16']);
  });

  it('is no model to choose', async () => {
    const { host } = await startHost();
    await chat(host, await makeAdapter());
    expect((await host.list(signal)).map(({ name }) => name)).toEqual(['m:latest']);
  });

  it.each([
    ['an error in its stream', '{"status":"verifying"}\n{"error":"invalid file magic"}\n', /invalid file magic/],
    ['an end before its end', '{"status":"verifying"}\n', /verifying/],
  ])('that the host fails to make is named, and tried again by the next: %s', async (_, said, message) => {
    let failures = 1;
    const { host, sent } = await startHost({
      create: (_received, response) => {
        failures -= 1;
        response.end(failures < 0 ? '{"status":"success"}\n' : said);
      },
    });
    const tuned = await makeAdapter();
    const failing = chat(host, tuned);
    await expect(failing).rejects.toMatchObject({ code: 'model-host-failed', message: expect.stringMatching(message) });
    await chat(host, tuned);
    expect(sent('/api/create')).toHaveLength(2);
  });

  it('that cannot be merged says so in its own words', async () => {
    const { host } = await startHost();
    const mergedFile = () => Promise.reject(new Error('The disk is full.'));
    await expect(chat(host, { ...(await makeAdapter()), mergedFile })).rejects.toThrow('The disk is full.');
  });

  it('goes when its adapter is dropped, over whatever base, and nothing else goes', async () => {
    const others = [nameTunedModel(base, { digest: 'sha256:4567' }), 'somebody/elses:0123'];
    const overOther = nameTunedModel({ name: 'n', digest: 'bb' }, adapter);
    const { host, sent, names } = await startHost();
    names.push(tunedName, overOther, ...others);
    await host.dropAdapter?.(adapter, signal);
    expect(sent('/api/delete').map(({ body }) => body)).toEqual([{ name: tunedName }, { name: overOther }]);
  });

  it('is another one where the base is, and where the adapter is', () => {
    expect(tunedName).toMatch(/^kumiki\/m-latest:[0-9a-f]{16}-[0-9a-f]{16}$/);
    expect(nameTunedModel({ ...base, digest: 'bb' }, adapter)).not.toBe(tunedName);
    expect(nameTunedModel(base, { digest: 'sha256:4567' })).not.toBe(tunedName);
    expect(nameTunedModel({ name: 'hf.co/some/Model-GGUF:Q4_K_M', digest: 'aa' }, adapter)).toMatch(
      /^kumiki\/hf\.co-some-Model-GGUF-Q4_K_M:[0-9a-f]{16}-[0-9a-f]{16}$/,
    );
  });
});

describe('what models on Ollama occupy', () => {
  it('is told, and given back when asked', async () => {
    const { host, sent } = await startHost();
    expect(await host.loaded?.(signal)).toEqual({ memory: 40, deviceMemory: 60 });
    await host.unload?.(signal);
    expect(sent('/api/generate').map(({ body }) => body)).toMatchObject([{ model: 'm:latest', keep_alive: 0 }]);
  });

  it('is at least the file where the host tells nothing', async () => {
    const { host } = await startHost({ running: [{ name: 'm:latest', size: 0, size_vram: 0 }] });
    expect(await host.loaded?.(signal)).toEqual({ memory: 5, deviceMemory: 0 });
  });
});

it('reads parameters as they are shown', () => {
  const text = 'temperature    0.5\nstop    "<|a|>"\nstop    "\\"b"\nuse_mmap    false\nodd    a value\n\n';
  expect(readParameters(text)).toEqual({
    temperature: 0.5,
    stop: ['<|a|>', '"b'],
    use_mmap: false,
    odd: 'a value',
  });
  expect(readParameters('stop    "one"')).toEqual({ stop: ['one'] });
});
