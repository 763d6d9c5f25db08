import type { ChatEvent } from '@kumiki/node-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestWorkbench, readServerSentEvents, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawChat } from '../testing/sample-flows.ts';

let test: TestWorkbench;
let mine: Record<string, string>;
let theirs: Record<string, string>;
beforeAll(async () => {
  test = await openTestWorkbench();
  const flow = (await test.call('POST', '/api/flows', { document: drawChat() })).body.id;
  const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
  await test.followRun(run);
  const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
  await test.call('POST', '/api/endpoints', { slug: 'chat', routes });
  mine = await makeKey('mine');
  theirs = await makeKey('theirs');
});
afterAll(() => test.close());

async function makeKey(name: string): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await test.call('POST', '/api/keys', { name })).body.key}` };
}

async function ask(headers: Record<string, string> = {}): Promise<string> {
  const body = { inputs: { question: 'Hello?', history: [] } };
  return (await test.call('POST', '/v1/endpoints/chat', body, { ...mine, ...headers })).body.run;
}

async function readEvents(run: string, headers: Record<string, string> = {}) {
  const answer = await test.fetch(`/v1/runs/${run}/events`, { headers: { ...mine, ...headers } });
  const sent = readServerSentEvents(await answer.text());
  return { status: answer.status, events: sent.map(({ data, ...rest }) => ({ ...rest, data: JSON.parse(data) })) };
}

describe('a run of a key', () => {
  it('tells its events from any of them on, and nothing after the last', async () => {
    const run = await ask({ prefer: 'respond-async' });
    const { events } = await readEvents(run);
    expect(events.some(({ event }) => event === 'text-delta')).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: 'run-end' });
    expect((await readEvents(run, { 'last-event-id': '2' })).events).toEqual(events.slice(2));
    expect((await readEvents(run, { 'last-event-id': events.at(-1)?.id ?? '' })).status).toBe(204);
    expect((await readEvents(run, { 'last-event-id': 'x' })).status).toBe(422);
    expect((await readEvents(await ask())).events.map(({ event }) => event)).toEqual(['run-start', 'run-end']);
  });

  it('is cancelled while it runs, and stays as it is after its end', async () => {
    const asked = Promise.withResolvers<void>();
    const chat = vi.spyOn(test.host, 'chat').mockImplementation(async function* (_request, signal): AsyncGenerator<
      ChatEvent,
      undefined,
      undefined
    > {
      asked.resolve();
      yield await new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });
    const run = await ask({ prefer: 'respond-async' });
    await asked.promise;
    const answer = await test.call('POST', `/v1/runs/${run}/cancel`, undefined, mine);
    expect(answer).toMatchObject({ status: 202, body: { id: run, answer: null } });
    expect((await readEvents(run)).events.at(-1)?.data).toMatchObject({ state: 'cancelled' });
    chat.mockRestore();
    const ended = await ask();
    const late = await test.call('POST', `/v1/runs/${ended}/cancel`, undefined, mine);
    expect(late).toMatchObject({ status: 202, body: { state: 'succeeded', answer: { output: 'Hello?' } } });
  });

  it('keeps the last feedback of each caller', async () => {
    const run = await ask();
    const path = `/v1/runs/${run}/feedback`;
    await test.call('POST', path, { score: 0.25, comment: 'too long' }, mine);
    const again = await test.call('POST', path, { score: 1 }, mine);
    expect(again).toMatchObject({ status: 200, body: { score: 1, comment: null } });
    await test.call('POST', path, { score: 0, comment: 'wrong' });
    const { feedback } = (await test.call('GET', `/api/runs/${run}`)).body;
    expect(feedback).toMatchObject([
      { caller: expect.stringMatching(/^[0-9a-f-]{36}$/), score: 1, comment: null },
      { caller: 'local', score: 0, comment: 'wrong' },
    ]);
    const tooMuch = await test.call('POST', path, { score: 1.5 }, mine);
    expect(tooMuch).toMatchObject({ status: 422, body: { code: 'invalid-request', path: '/score' } });
  });

  it('is not there for another key, as one that never was', async () => {
    const run = await ask();
    const routes = [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
      ['POST', '/feedback', { score: 0 }],
    ] as const;
    for (const [method, end, body] of routes) {
      const other = await test.call(method, `/v1/runs/${run}${end}`, body, theirs);
      const never = await test.call(method, `/v1/runs/${crypto.randomUUID()}${end}`, body, theirs);
      expect(other).toMatchObject({ status: 404, body: { code: 'run-unknown' } });
      expect(other.body).toEqual(never.body);
    }
    expect((await test.call('GET', `/api/runs/${run}`)).body.feedback).toEqual([]);
  });
});
