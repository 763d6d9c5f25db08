import type { FlowDocument } from '@kumiki/flow';
import type { ChatEvent } from '@kumiki/node-sdk';
import { claimRun } from '@kumiki/store';
import { buildFlowDocument } from '@kumiki/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, readServerSentEvents, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawChat, drawPassThrough } from '../testing/sample-flows.ts';

let test: TestWorkbench;
beforeAll(async () => {
  test = await openTestWorkbench();
  const flow = await buildNew(drawChat());
  await publish('chat', [flow]);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => test.close());

async function build(flow: string): Promise<void> {
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
}

async function buildNew(document: FlowDocument): Promise<string> {
  const { id } = (await test.call('POST', '/api/flows', { document })).body;
  await build(id);
  return id;
}

const routeTo = (flow: string) => ({ flow, version: 1, build: 1, output: 'answer' });

async function publish(slug: string, flows: readonly string[]): Promise<void> {
  expect((await test.call('POST', '/api/endpoints', { slug, routes: flows.map(routeTo) })).status).toBe(201);
}

type Extra = { readonly subject?: string; readonly slug?: string; readonly headers?: Record<string, string> };

function say(conversation: string, question: string, { subject, slug = 'chat', headers = {} }: Extra = {}) {
  const body = { inputs: { question }, conversation, ...(subject === undefined ? {} : { subject }) };
  return test.call('POST', `/v1/endpoints/${slug}`, body, headers);
}

/** What was said and answered in each turn, oldest first. */
async function recall(conversation: string, slug = 'chat'): Promise<readonly string[][]> {
  const path = `/api/endpoints/${slug}/conversations/${encodeURIComponent(conversation)}?limit=200`;
  const { status, body } = await test.call('GET', path);
  if (status === 404) return [];
  return body.items
    .map((turn: { messages: { content: string }[] }) => turn.messages.map(({ content }) => content))
    .reverse();
}

const lastPrompt = () => test.host.chatRequests.at(-1)?.messages.map(({ role, content }) => `${role}: ${content}`);

/** Questions wait for their answer from now on. `asked` resolves once one does. */
function holdAnswers(): { readonly asked: Promise<void>; readonly release: () => void } {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  vi.spyOn(test.host, 'chat').mockImplementation(async function* (_request, signal): AsyncGenerator<
    ChatEvent,
    undefined,
    undefined
  > {
    const gone = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => gone.reject(signal.reason), { once: true });
    asked.resolve();
    await Promise.race([released.promise, gone.promise]);
    yield { type: 'delta', text: 'at last' };
    yield { type: 'end', reason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } };
  });
  return { asked: asked.promise, release: released.resolve };
}

describe('a conversation', () => {
  it('is in the next prompt, however its answers were fetched', async () => {
    test.host.script('Ken, hello.', 'Your name is Ken.', 'You asked twice.');
    expect((await say('tea', 'I am Ken.', { subject: 'ken' })).body.output).toBe('Ken, hello.');
    expect(lastPrompt()).toEqual(['user: I am Ken.']);
    const streamed = await test.fetch('/v1/endpoints/chat', {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { question: 'Who am I?' }, conversation: 'tea' }),
    });
    expect(readServerSentEvents(await streamed.text()).at(-1)).toMatchObject({ event: 'answer' });
    expect(lastPrompt()).toEqual(['user: I am Ken.', 'assistant: Ken, hello.', 'user: Who am I?']);
    const { run } = (await say('tea', 'And now?', { headers: { prefer: 'respond-async' } })).body;
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
    expect(lastPrompt()?.slice(2)).toEqual(['user: Who am I?', 'assistant: Your name is Ken.', 'user: And now?']);
    const turns = [
      ['I am Ken.', 'Ken, hello.'],
      ['Who am I?', 'Your name is Ken.'],
      ['And now?', 'You asked twice.'],
    ];
    expect(await recall('tea')).toEqual(turns);
  });

  it('is recorded with its runs by name, and with the person who asked, but not what was said before', async () => {
    await say('noted', 'first');
    const { run } = (await say('noted', 'second', { subject: 'mei' })).body;
    const row = (await test.call('GET', `/api/runs/${run}`)).body;
    expect(row).toMatchObject({ conversation: 'noted', subject: 'mei', inputs: { question: 'second' } });
    expect(JSON.stringify(row.inputs)).not.toContain('first');
    const { body } = await test.call('GET', '/api/endpoints/chat/conversations/noted');
    expect(body.items).toMatchObject([
      { number: 2, run, subject: 'mei', answeredBy: { version: 1, build: 1 } },
      { number: 1, subject: null },
    ]);
  });

  it('puts instructions first and remembers only what was said', async () => {
    const history = [
      { role: 'user', content: 'Hello.' },
      { role: 'system', content: 'Be brief.' },
    ];
    test.host.script('Hi.');
    await say('told', 'One?');
    const body = { inputs: { question: 'Two?', history }, conversation: 'told' };
    await test.call('POST', '/v1/endpoints/chat', body);
    expect(lastPrompt()).toEqual(['system: Be brief.', 'user: One?', 'assistant: Hi.', 'user: Hello.', 'user: Two?']);
    expect((await recall('told'))[1]).toEqual(['Hello.', 'Two?']);
  });

  it('keeps every turn of calls at once whole', async () => {
    const questions = Array.from({ length: 12 }, (_, place) => `question ${place}`);
    const answers = await Promise.all(
      questions.map((question, place) =>
        say('crowd', question, place % 4 === 0 ? { headers: { prefer: 'respond-async' } } : {}),
      ),
    );
    for (const { status, body } of answers) if (status === 202) await test.followRun(body.run);
    // Without a script, the fake model repeats the question.
    const turns = await recall('crowd');
    expect(turns.toSorted()).toEqual(questions.map((question) => [question, question]).toSorted());
  });

  it('takes a repeated call for one, also where both come at once', async () => {
    const headers = { 'idempotency-key': 'again' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => say('once', 'Hello?', { headers })));
    answers.push(await say('once', 'Hello?', { headers }));
    expect(new Set(answers.map(({ body }) => body.run)).size).toBe(1);
    const waiting = { 'idempotency-key': 'again, later', prefer: 'respond-async' };
    const [one, two] = [
      await say('once', 'Later?', { headers: waiting }),
      await say('once', 'Later?', { headers: waiting }),
    ];
    expect(two.body).toEqual(one.body);
    await test.followRun(one.body.run);
    expect(await recall('once')).toEqual([
      ['Hello?', 'Hello?'],
      ['Later?', 'Later?'],
    ]);
  });

  it('has a turn once where a worker answered and could not write it down before', async () => {
    const { database } = test.workbench.store;
    const { asked, release } = holdAnswers();
    const { run } = (await say('twice', 'Hello?', { headers: { prefer: 'respond-async' } })).body;
    await asked;
    const transact = database.transaction.bind(database);
    vi.spyOn(database, 'transaction').mockImplementationOnce((write) =>
      transact(async (transaction) => {
        await write(transaction);
        throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      }),
    );
    release();
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
    expect(test.host.chat).toHaveBeenCalledTimes(2);
    expect(await recall('twice')).toEqual([['Hello?', 'at last']]);
  });

  it('has a turn once where its caller heard of an error after it was kept, and calls again', async () => {
    const { database } = test.workbench.store;
    const headers = { 'idempotency-key': 'unheard' };
    const transact = database.transaction.bind(database);
    vi.spyOn(database, 'transaction').mockImplementationOnce(async (write) => {
      await transact(write);
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    });
    expect((await say('unheard', 'Hello?', { headers })).body.code).toBe('database-down');
    expect((await say('unheard', 'Hello?', { headers })).body.output).toBe('Hello?');
    expect(await recall('unheard')).toEqual([['Hello?', 'Hello?']]);
  });

  it('is listed, shown and deleted by the team that runs the endpoint', async () => {
    await say('a/b 会話', 'Hello?');
    const listed = (await test.call('GET', '/api/endpoints/chat/conversations?limit=1')).body;
    expect(listed.items).toMatchObject([{ name: 'a/b 会話', turns: 1, route: { version: 1, output: 'answer' } }]);
    const path = `/api/endpoints/chat/conversations/${encodeURIComponent('a/b 会話')}`;
    expect((await test.call('DELETE', path)).status).toBe(204);
    expect(await test.call('GET', path)).toMatchObject({ status: 404, body: { code: 'conversation-unknown' } });
    await say('a/b 会話', 'Again?');
    expect(await recall('a/b 会話')).toEqual([['Again?', 'Again?']]);
    expect((await test.call('GET', '/api/endpoints/absent/conversations')).body.code).toBe('endpoint-unknown');
  });

  it('ends with its endpoint', async () => {
    const flow = await buildNew(drawChat('brief'));
    await publish('brief', [flow]);
    await say('x', 'Hello?', { slug: 'brief' });
    await test.call('DELETE', '/api/endpoints/brief');
    await publish('brief', [flow]);
    expect(await recall('x', 'brief')).toEqual([]);
  });
});

describe('what is not answered', () => {
  it('is not remembered where the model fails, and the next call goes on from before', async () => {
    await say('fails', 'first');
    for (let attempt = 0; attempt < 3; attempt += 1) test.host.failNext('chat');
    expect((await say('fails', 'lost')).body.code).toBe('model-host-down');
    await say('fails', 'second');
    expect(lastPrompt()).toEqual(['user: first', 'assistant: first', 'user: second']);
    expect(await recall('fails')).toHaveLength(2);
  });

  it('is not remembered where its caller is gone', async () => {
    const { asked } = holdAnswers();
    const caller = new AbortController();
    const answer = test.fetch('/v1/endpoints/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: { question: 'Hello?' }, conversation: 'dropped' }),
      signal: caller.signal,
    });
    await asked;
    caller.abort();
    expect((await answer).status).toBe(503);
    expect(await recall('dropped')).toEqual([]);
  });

  it('is not remembered where the run is cancelled', async () => {
    const { asked } = holdAnswers();
    const { run } = (await say('cancelled', 'Hello?', { headers: { prefer: 'respond-async' } })).body;
    await asked;
    await test.call('POST', `/v1/runs/${run}/cancel`);
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'cancelled' });
    expect(await recall('cancelled')).toEqual([]);
  });

  it('is not remembered by a worker that has lost the run', async () => {
    const { asked, release } = holdAnswers();
    const { run } = (await say('lost', 'Hello?', { headers: { prefer: 'respond-async' } })).body;
    await asked;
    await claimRun(test.workbench.store.database, run);
    release();
    await vi.waitFor(() => expect(test.workbench.running.live.findLog(run)).toBeNull(), 30_000);
    expect(await recall('lost')).toEqual([]);
  });

  it('is refused where the answer cannot be remembered, so that the caller knows', async () => {
    await say('away', 'first');
    const { database } = test.workbench.store;
    vi.spyOn(database, 'transaction').mockRejectedValueOnce(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    const headers = { 'idempotency-key': 'away' };
    expect(await say('away', 'second', { headers })).toMatchObject({ status: 503, body: { code: 'database-down' } });
    const failed = (await test.call('GET', '/api/runs?state=failed&limit=1')).body.items[0];
    expect(failed).toMatchObject({ conversation: 'away', outputs: null, error: { code: 'database-down' } });
    expect((await say('away', 'second', { headers })).status).toBe(200);
    expect((await recall('away')).map(([said]) => said)).toEqual(['first', 'second']);
  });

  it('is refused where it cannot be told what is said', async () => {
    const document = buildFlowDocument('Only messages')
      .node('talk', 'input', { name: 'talk', kind: 'messages' })
      .node('chat', 'model/chat', { model: 'fake-chat' })
      .node('answer', 'generate/llm')
      .node('output', 'output', { name: 'answer' })
      .wire('talk.value', 'answer.prompt')
      .wire('chat.model', 'answer.model')
      .wire('answer.answer', 'output.value')
      .build();
    await publish('talk', [await buildNew(document)]);
    const ask = (inputs: object) => test.call('POST', '/v1/endpoints/talk', { inputs, conversation: 'x' });
    expect(await ask({})).toMatchObject({ status: 422, body: { code: 'conversation-unclear', path: '/inputs/talk' } });
    expect(await ask({ talk: [{ role: 'user', content: 'Hello?' }] })).toMatchObject({ body: { output: 'Hello?' } });
    await ask({ talk: [{ role: 'user', content: 'And?' }] });
    expect(lastPrompt()).toEqual(['user: Hello?', 'assistant: Hello?', 'user: And?']);
  });
});

describe('the route of a conversation', () => {
  it('is that of its first answer, whoever speaks, and moves only where the endpoint gives it up', async () => {
    const [one, two] = [await buildNew(drawChat('one')), await buildNew(drawChat('two'))];
    await publish('split', [one, two]);
    const ask = async (conversation: string, subject: string) =>
      (await say(conversation, 'Hello?', { slug: 'split', subject })).body.arm.flow;
    const subjects = Array.from({ length: 12 }, (_, place) => `person ${place}`);
    const alone = await Promise.all(subjects.map((subject) => ask(`of ${subject}`, subject)));
    expect(new Set(alone)).toEqual(new Set([one, two]));
    const first = await ask('shared', subjects[0] ?? '');
    for (const subject of subjects) expect(await ask('shared', subject)).toBe(first);

    const other = first === one ? two : one;
    await test.call('PUT', '/api/endpoints/split', { routes: [routeTo(other)] });
    expect(await ask('shared', 'person 1')).toBe(other);
    await test.call('PUT', '/api/endpoints/split', { routes: [routeTo(one), routeTo(two)] });
    for (const subject of subjects) expect(await ask('shared', subject)).toBe(other);
    expect(await recall('shared', 'split')).toHaveLength(26);
  });

  it('stays while the endpoint follows to a newer build', async () => {
    const flow = await buildNew(drawChat('follows'));
    await publish('follows', [flow]);
    const builds = [];
    builds.push((await say('x', 'first', { slug: 'follows' })).body.arm.build);
    await build(flow);
    builds.push((await say('x', 'second', { slug: 'follows' })).body.arm.build);
    expect(builds).toEqual([1, 2]);
    expect(lastPrompt()).toEqual(['user: first', 'assistant: first', 'user: second']);
  });

  it('is kept, and nothing else, of a flow that takes no messages', async () => {
    const [one, two] = [await buildNew(drawPassThrough('one')), await buildNew(drawPassThrough('two'))];
    await publish('forgetful', [one, two]);
    const ask = async (subject: string) => (await say('x', 'Hello?', { slug: 'forgetful', subject })).body.arm.flow;
    const first = await ask('person 0');
    for (let person = 1; person < 12; person += 1) expect(await ask(`person ${person}`)).toBe(first);
    const { body } = await test.call('GET', '/api/endpoints/forgetful/conversations/x');
    expect(body).toMatchObject({ turns: 0, items: [], route: { flow: first } });
  });
});

it('is described by the endpoint to those who call it', async () => {
  const { body } = await test.call('GET', '/v1/endpoints/chat/openapi.json');
  const { schema } = body.paths['/v1/endpoints/chat'].post.requestBody.content['application/json'];
  expect(schema.properties.inputs.required).toEqual(['question']);
  expect(schema.properties.conversation.description).toContain('`history`');
});
