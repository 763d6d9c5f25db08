import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, readServerSentEvents, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough, drawRag } from '../testing/sample-flows.ts';

let test: TestWorkbench;
let flow: string;
let key: string;

const cats = '猫の手当て\n\n猫は夜に鳴きます。餌は朝にあげてください。';
const dogs = '犬の散歩\n\n犬は朝と夕方に散歩させます。';

async function putFile(collection: string, name: string, text: string) {
  const path = `/api/collections/${collection}/files/${encodeURIComponent(name)}`;
  const answer = await test.fetch(path, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: text });
  expect(answer.status).toBe(200);
}

async function buildFlow(id: string) {
  const { status, body } = await test.call('POST', `/api/flows/${id}/builds`, {});
  expect(status).toBe(202);
  const events = await test.followRun(body.run);
  const end = events.at(-1)?.event;
  if (end?.type !== 'run-end') throw new Error('the run has no end');
  return { run: body.run, version: body.version, events, end };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

let collection: string;

beforeAll(async () => {
  test = await openTestWorkbench();
  collection = (await test.call('POST', '/api/collections', { name: 'animals' })).body.id;
  await putFile(collection, 'cats.txt', cats);
  await putFile(collection, 'dogs.txt', dogs);
  flow = (await test.call('POST', '/api/flows', { document: drawRag('animals') })).body.id;
  key = (await test.call('POST', '/api/keys', { name: 'shop' })).body.key;
});
afterAll(() => test.close());

describe('a drawn RAG flow', () => {
  it('cannot be asked before it is built, and says which nodes are missing', async () => {
    const answer = await test.call('POST', `/api/flows/${flow}/runs`, { inputs: { question: '猫は?' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'not-built' } });
  });

  it('is built, with events that can be followed again from any of them', async () => {
    const { run, version, events, end } = await buildFlow(flow);
    expect(version).toBe(1);
    expect(end).toMatchObject({ state: 'succeeded', build: 1 });
    expect(events[0]?.event.type).toBe('run-start');
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, place) => place + 1));
    const again = await test.followRun(run, 3);
    expect(again).toEqual(events.slice(3));
    const over = await test.fetch(`/api/runs/${run}/events`, { headers: { 'last-event-id': String(ids.at(-1)) } });
    expect(over.status).toBe(204);
    expect((await test.call('GET', `/api/runs/${run}`)).body).toMatchObject({ state: 'succeeded', build: 1 });
    const build = (await test.call('GET', `/api/flows/${flow}/builds/1`)).body;
    expect(build.models).toMatchObject([{ name: 'fake-chat', digest: 'sha256:fake-chat' }, { name: 'fake-embedding' }]);
    expect(build.artifacts.find((artifact: { node: string }) => artifact.node === 'index').documents).toBe(2);
  });

  it('answers with citations, live', async () => {
    test.host.script('猫は夜に鳴きます [1]。');
    const { status, body } = await test.call('POST', `/api/flows/${flow}/runs`, {
      inputs: { question: '猫はいつ鳴く' },
    });
    expect(status).toBe(202);
    const events = await test.followRun(body.id);
    expect(events.some(({ event }) => event.type === 'text-delta')).toBe(true);
    expect(events.at(-1)?.event).toMatchObject({
      type: 'run-end',
      state: 'succeeded',
      outputs: { answer: { state: 'answered', citations: [{ kind: 'marker', documentName: 'cats.txt' }] } },
    });
  });

  it('reads only the document that changed when it is built again, and moves endpoints that follow', async () => {
    const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
    expect((await test.call('POST', '/api/endpoints', { slug: 'follows', routes })).status).toBe(201);
    const pinned = await test.call('POST', '/api/endpoints', { slug: 'pinned', follow: false, routes });
    expect(pinned.status).toBe(201);
    const before = test.host.embeddedTexts.length;
    await putFile(collection, 'cats.txt', '猫の手当て\n\n猫は昼に鳴きます。');
    const { end } = await buildFlow(flow);
    expect(end).toMatchObject({ state: 'succeeded', build: 2 });
    const embedded = test.host.embeddedTexts.slice(before);
    expect(embedded.length).toBeGreaterThan(0);
    expect(embedded.every((text) => text.includes('猫'))).toBe(true);

    const ask = async (slug: string) => {
      await test.call('POST', `/v1/endpoints/${slug}`, { inputs: { question: '猫はいつ鳴く' } });
      return test.host.chatRequests.at(-1)?.messages.at(-1)?.content;
    };
    expect(await ask('follows')).toContain('昼に鳴きます');
    expect(await ask('pinned')).toContain('夜に鳴きます');
    expect((await test.call('GET', '/api/endpoints/follows')).body.routes).toMatchObject([{ build: 2 }]);
    expect((await test.call('GET', '/api/endpoints/pinned')).body.routes).toMatchObject([{ build: 1 }]);
  });

  it('begins at the newest build where an endpoint shall follow, whichever one it was published with', async () => {
    const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
    const published = await test.call('POST', '/api/endpoints', { slug: 'late', routes });
    expect(published.body.routes).toMatchObject([{ build: 2 }]);
    const pinned = await test.call('PUT', '/api/endpoints/late', { follow: false, routes });
    expect(pinned.body.routes).toMatchObject([{ build: 1 }]);
    expect((await test.call('DELETE', '/api/endpoints/late')).status).toBe(204);
  });

  it('says so when the model is another one than the build resolved', async () => {
    test.host.changeDigest('fake-chat', 'sha256:other');
    // The word of the host is remembered for some seconds.
    await vi.waitFor(
      async () => {
        const answer = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '猫' } });
        expect(answer).toMatchObject({ status: 409, body: { code: 'model-changed' } });
      },
      { timeout: 15_000, interval: 200 },
    );
    test.host.changeDigest('fake-chat', 'sha256:fake-chat');
    await vi.waitFor(
      async () => {
        const answer = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '猫' } });
        expect(answer.status).toBe(200);
      },
      { timeout: 15_000, interval: 200 },
    );
  });
});

describe('an endpoint', () => {
  const withKey = () => ({ authorization: `Bearer ${key}` });

  it('answers as JSON, and records the run', async () => {
    test.host.script('朝と夕方です。');
    const answer = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '犬の散歩は' } }, withKey());
    expect(answer).toMatchObject({
      status: 200,
      body: { output: '朝と夕方です。', arm: { flow, version: 1, build: 1, output: 'answer' } },
    });
    const run = await test.call('GET', `/v1/runs/${answer.body.run}`, undefined, withKey());
    expect(run.body).toMatchObject({ state: 'succeeded', answer: { output: '朝と夕方です。' } });
    expect((await test.call('GET', `/api/runs/${answer.body.run}`)).body).toMatchObject({ endpoint: 'pinned' });
    const events = await test.followRun(answer.body.run);
    expect(events.map(({ event }) => event.type)).toEqual(['run-start', 'run-end']);
  });

  it('streams deltas and at last the answer', async () => {
    test.host.script('one two three');
    const answer = await test.fetch('/v1/endpoints/pinned', {
      method: 'POST',
      headers: { ...withKey(), accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { question: '犬' } }),
    });
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    const events = readServerSentEvents(await answer.text());
    const deltas = events.filter(({ event }) => event === 'delta').map(({ data }) => JSON.parse(data).text);
    expect(deltas.join('')).toBe('one two three');
    expect(deltas.length).toBeGreaterThan(1);
    expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ output: 'one two three' });
  });

  it('refuses a missing input with a status, also where a stream was asked for', async () => {
    const headers = { ...withKey(), accept: 'text/event-stream' };
    const answer = await test.call('POST', '/v1/endpoints/pinned', { inputs: {} }, headers);
    expect(answer).toMatchObject({ status: 422, body: { code: 'input-missing', path: '/inputs/question' } });
  });

  it('names a model host that is down', async () => {
    const down = { code: 'model-host-down', status: 503 };
    for (let attempt = 0; attempt < 3; attempt += 1) test.host.failNext('chat');
    const answer = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '犬' } }, withKey());
    expect(answer).toMatchObject({ status: 503, body: down });
    expect(answer.headers.get('retry-after')).not.toBeNull();
  });

  it('answers an idempotency key once, and refuses it with another body', async () => {
    const headers = { ...withKey(), 'idempotency-key': 'order-1' };
    test.host.script('first', 'second');
    const body = { inputs: { question: '犬' } };
    const first = await test.call('POST', '/v1/endpoints/pinned', body, headers);
    const again = await test.call('POST', '/v1/endpoints/pinned', body, headers);
    expect(first.body.output).toBe('first');
    expect(again.body).toEqual(first.body);
    const other = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '猫' } }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    // The second answer was never asked for.
    expect((await test.call('POST', '/v1/endpoints/pinned', body, withKey())).body.output).toBe('second');
  });

  it('answers later where that is preferred', async () => {
    test.host.script('in a while');
    const headers = { ...withKey(), prefer: 'respond-async' };
    const accepted = await test.call('POST', '/v1/endpoints/pinned', { inputs: { question: '犬' } }, headers);
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('preference-applied')).toBe('respond-async');
    const location = accepted.headers.get('location') ?? '';
    await vi.waitFor(
      async () => {
        const { body } = await test.call('GET', location, undefined, withKey());
        expect(body).toMatchObject({ state: 'succeeded', answer: { output: 'in a while' } });
      },
      { timeout: 20_000 },
    );
  });

  it('describes itself by the inputs of its flow', async () => {
    const { body } = await test.call('GET', '/v1/endpoints/pinned/openapi.json', undefined, withKey());
    const call = body.paths['/v1/endpoints/pinned'].post;
    const { inputs } = call.requestBody.content['application/json'].schema.properties;
    expect(inputs).toMatchObject({ required: ['question'], properties: { question: { type: 'string' } } });
  });

  it('is refused where its build, version or output does not exist, or its slug is taken', async () => {
    const publish = (route: object, slug = 'new') => test.call('POST', '/api/endpoints', { slug, routes: [route] });
    const good = { flow, version: 1, build: 1, output: 'answer' };
    expect((await publish({ ...good, build: 99 })).body.code).toBe('build-unknown');
    expect((await publish({ ...good, version: 99 })).body.code).toBe('version-unknown');
    expect((await publish({ ...good, output: 'nothing' })).body.code).toBe('output-unknown');
    expect(await publish(good, 'pinned')).toMatchObject({ status: 409, body: { code: 'endpoint-exists' } });
    expect((await test.call('DELETE', `/api/flows/${flow}`)).body.code).toBe('flow-in-use');
  });
});

describe('the OpenAI client', () => {
  const makeClient = (apiKey = key) =>
    new OpenAI({
      apiKey,
      baseURL: 'http://127.0.0.1/v1',
      maxRetries: 0,
      fetch: (url, options) => {
        const { pathname, search } = new URL(String(url));
        return test.fetch(pathname + search, options);
      },
    });
  const messages = [
    { role: 'system' as const, content: 'ignored by a flow with one text input' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: '犬の散歩は' }] },
  ];

  it('lists endpoints as models', async () => {
    const models = await collect(makeClient().models.list());
    expect(models.map(({ id }) => id)).toEqual(['follows', 'pinned']);
    expect((await makeClient().models.retrieve('pinned')).owned_by).toBe('kumiki');
    await expect(makeClient().models.retrieve('absent')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it('gets a completion', async () => {
    test.host.script('夕方です。');
    const completion = await makeClient().chat.completions.create({ model: 'pinned', messages });
    expect(completion.choices[0]).toMatchObject({
      message: { role: 'assistant', content: '夕方です。' },
      finish_reason: 'stop',
    });
    expect(completion.usage?.total_tokens).toBeGreaterThan(0);
    expect(test.host.chatRequests.at(-1)?.messages.at(-1)?.content).toContain('犬の散歩は');
  });

  it('gets a stream with the role first and the usage last', async () => {
    test.host.script('one two');
    const stream = await makeClient().chat.completions.create({
      model: 'pinned',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant' });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('one two');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 7 } });
  });

  it('gets the same answer again by its idempotency key, whole or as a stream', async () => {
    test.host.script('only once');
    const headers = { 'idempotency-key': 'chat-1' };
    const ask = () => makeClient().chat.completions.create({ model: 'pinned', messages }, { headers });
    const first = await ask();
    expect(first.choices[0]?.message.content).toBe('only once');
    expect(await ask()).toMatchObject({ id: first.id, choices: first.choices });
    const streamed = { model: 'pinned', messages, stream: true } as const;
    await expect(makeClient().chat.completions.create(streamed, { headers })).rejects.toMatchObject({ status: 422 });
    test.host.script('as a stream');
    const own = { headers: { 'idempotency-key': 'chat-2' } };
    for (let time = 0; time < 2; time += 1) {
      const chunks = await collect(await makeClient().chat.completions.create(streamed, own));
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('as a stream');
    }
  });

  it('is told which parameter is not supported', async () => {
    const create = (extra: object) => makeClient().chat.completions.create({ model: 'pinned', messages, ...extra });
    await expect(create({ n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' });
    await expect(create({ logprobs: true })).rejects.toMatchObject({ status: 400, param: 'logprobs' });
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    await expect(create({ tools })).rejects.toMatchObject({
      status: 400,
      param: 'tools',
      code: 'unsupported-parameter',
    });
    await expect(create({ model: 'absent' })).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    await expect(makeClient('wrong').chat.completions.create({ model: 'pinned', messages })).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe('traffic over two arms', () => {
  it('is split by subject, and the same subject always gets the same arm', async () => {
    const one = (await test.call('POST', '/api/flows', { document: drawPassThrough('one') })).body.id;
    const two = (await test.call('POST', '/api/flows', { document: drawPassThrough('two') })).body.id;
    for (const id of [one, two]) expect((await buildFlow(id)).end).toMatchObject({ state: 'succeeded', build: 1 });
    const routes = [one, two].map((id) => ({ flow: id, version: 1, build: 1, output: 'answer' }));
    expect((await test.call('POST', '/api/endpoints', { slug: 'split', routes })).status).toBe(201);
    const ask = async (subject: string) =>
      (await test.call('POST', '/v1/endpoints/split', { inputs: { question: 'x' }, subject })).body.arm.flow;
    const subjects = Array.from({ length: 20 }, (_, place) => `person-${place}`);
    const first = await Promise.all(subjects.map(ask));
    expect(new Set(first)).toEqual(new Set([one, two]));
    expect(await Promise.all(subjects.map(ask))).toEqual(first);
  });

  it('is refused where the arms take other inputs', async () => {
    const document = drawPassThrough('other');
    const question = document.nodes.question;
    const renamed = {
      ...document,
      nodes: { ...document.nodes, question: { ...question, settings: { name: 'text' } } },
    };
    const other = (await test.call('POST', '/api/flows', { document: renamed })).body.id;
    await buildFlow(other);
    const routes = [flow, other].map((id) => ({ flow: id, version: 1, build: 1, output: 'answer' }));
    expect((await test.call('POST', '/api/endpoints', { slug: 'odd', routes })).body.code).toBe('arms-differ');
  });
});
