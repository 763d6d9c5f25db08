import type { KumikiProcess } from '@kumiki/testkit/kumiki-process';
import {
  askFlow,
  buildFlow,
  createFlow,
  followRun,
  type KumikiSession,
  readAnswer,
  readEvents,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import type { ScriptedModels } from '@kumiki/testkit/scripted-models';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { arm, articles, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const question = '年額プランの返金はいつまで受けられますか？';
const sentence = '年額プランは、お申し込みから14日以内であれば全額を返金します。';

describe.each(databaseKinds)('the first flow, on the %s database', { timeout: 60_000 }, (kind) => {
  let stage: Stage;
  let models: ScriptedModels;
  let kumiki: KumikiProcess;
  let session: KumikiSession;
  let flow: string;

  beforeAll(async () => {
    stage = await openStage(kind);
    ({ models, kumiki, session } = stage);
    await uploadCollection(session, 'ヘルプ', articles);
    flow = (await createFlow(session, makeRagFlow({ collection: 'ヘルプ' }))).id;
  });
  afterAll(() => stage.close());
  afterEach(() => models.answerWith(null));

  it('runs on that database', async () => {
    expect(await unwrap(session.client.GET('/api/session'))).toMatchObject({ database: kind });
  });

  it('refuses a question before the first build, and names the nodes that are missing', async () => {
    await expect(askFlow(session, flow, { inputs: { question } })).rejects.toMatchObject({
      problem: { code: 'not-built', status: 409, detail: expect.stringContaining('“Index”') },
    });
  });

  describe('once built', () => {
    beforeAll(async () => {
      const { end } = await buildFlow(session, flow);
      expect(end).toMatchObject({ state: 'succeeded', build: 1 });
      expect(models.embeddedPassages).toHaveLength(Object.keys(articles).length);
      await unwrap(
        session.client.POST('/api/endpoints', {
          body: { slug: 'help', follow: true, routes: [{ flow, version: 1, build: 1, output: arm, weight: 1 }] },
        }),
      );
    });

    it('answers with a citation that points at the words in the document', async () => {
      const asked = await askFlow(session, flow, { inputs: { question } });
      const { value, citations } = readAnswer(asked, arm);
      expect(value).toBe(`${sentence} [1]`);
      expect(citations).toMatchObject([{ number: 1, kind: 'marker', documentName: 'refund.md' }]);
      const [citation] = citations;
      const { data } = await session.client.GET('/api/collections', { params: { query: {} } });
      const text = await unwrap(
        session.client.GET('/api/collections/{id}/files/{name}/text', {
          params: { path: { id: data?.items[0]?.id ?? '', name: 'refund.md' } },
        }),
      );
      expect(text.text.slice(citation?.start, citation?.end)).toBe(citation?.text);
    });

    it('streams the text, and what it streamed is the answer', async () => {
      const { events, end } = await askFlow(session, flow, { inputs: { question } });
      const deltas = events.flatMap((event) => (event.type === 'text-delta' ? event.text : []));
      expect(deltas.length).toBeGreaterThan(2);
      expect(deltas.join('')).toBe(`${sentence} [1]`);
      expect(events[0]?.type).toBe('run-start');
      expect(end.usage).toEqual({ promptTokens: 7, completionTokens: expect.any(Number) });
    });

    it('replays the same events, resumes after any of them, and has nothing after the last', async () => {
      const { run } = await askFlow(session, flow, { inputs: { question } });
      const path = `/api/runs/${run}/events`;
      const all = await Array.fromAsync(readEvents(await session.request(path)));
      expect(all.at(-1)?.event).toBe('run-end');
      const [, second] = all;
      const rest = await session.request(path, { headers: { 'last-event-id': second?.id ?? '' } });
      expect(await Array.fromAsync(readEvents(rest))).toEqual(all.slice(2));
      const nothing = await session.request(path, { headers: { 'last-event-id': all.at(-1)?.id ?? '' } });
      expect(nothing.status).toBe(204);
    });

    it('starts one run for one Idempotency-Key', async () => {
      const start = async () => {
        const answer = await session.request(`/api/flows/${flow}/runs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'from-a-script' },
          body: JSON.stringify({ inputs: { question } }),
        });
        return { status: answer.status, body: await answer.json() };
      };
      const first = await start();
      expect(first.status).toBe(202);
      expect(await start()).toEqual(first);
    });

    it('drops citation marks that point at nothing', async () => {
      models.answerWith('答えは資料にあります。[9]');
      const { value } = readAnswer(await askFlow(session, flow, { inputs: { question } }), arm);
      expect(value).not.toContain('[9]');
    });

    it('cancels a question while the model writes, and lets go of the model', async () => {
      const left = models.abandonedChats();
      const pause = models.pauseChats(1);
      const { id } = await unwrap(
        session.client.POST('/api/flows/{id}/runs', { params: { path: { id: flow } }, body: { inputs: { question } } }),
      );
      await pause.reached;
      await unwrap(session.client.POST('/api/runs/{id}/cancel', { params: { path: { id } } }));
      const { end } = await followRun(session, id);
      pause.release();
      expect(end.state).toBe('cancelled');
      await expect.poll(models.abandonedChats).toBe(left + 1);
    });

    describe('published', () => {
      let caller: KumikiSession;
      let key: string;
      let keyOfOthers: KumikiSession;
      let keyOfApi: KumikiSession;

      beforeAll(async () => {
        const createKey = async (body: { name: string; scopes: ('v1' | 'api')[]; endpoints: string[] | null }) =>
          (await unwrap(session.client.POST('/api/keys', { body }))).key;
        key = await createKey({ name: 'help desk', scopes: ['v1'], endpoints: ['help'] });
        caller = kumiki.useKey(key);
        keyOfOthers = kumiki.useKey(await createKey({ name: 'other', scopes: ['v1'], endpoints: ['elsewhere'] }));
        keyOfApi = kumiki.useKey(await createKey({ name: 'automation', scopes: ['api'], endpoints: null }));
      });

      const call = (who: KumikiSession, headers: Record<string, string> = {}, inputs: object = { question }) =>
        who.request('/v1/endpoints/help', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ inputs }),
        });

      it('answers as JSON', async () => {
        const answer = await call(caller);
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({
          output: `${sentence} [1]`,
          citations: [{ documentName: 'refund.md' }],
          usage: { promptTokens: 7 },
          arm: { flow, version: 1, build: 1, output: arm },
        });
      });

      it('answers as a stream of deltas whose end is the answer', async () => {
        const answer = await call(caller, { accept: 'text/event-stream' });
        expect(answer.headers.get('x-accel-buffering')).toBe('no');
        const events = await Array.fromAsync(readEvents(answer));
        const text = events.flatMap(({ event, data }) => (event === 'delta' ? JSON.parse(data).text : []));
        expect(text.length).toBeGreaterThan(2);
        expect(events.at(-1)?.event).toBe('answer');
        expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ output: text.join('') });
      });

      it('cancels its generation when a synchronous caller leaves', async () => {
        const left = models.abandonedChats();
        const pause = models.pauseChats(1);
        const leaving = new AbortController();
        const call = caller.request('/v1/endpoints/help', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ inputs: { question } }),
          signal: leaving.signal,
        });
        await pause.reached;
        leaving.abort();
        await expect(call).rejects.toThrow();
        await expect.poll(models.abandonedChats).toBe(left + 1);
        pause.release();
      });

      it('gives the same answer to the same Idempotency-Key, and refuses it for another question', async () => {
        const headers = { 'idempotency-key': 'ticket-1' };
        const asked = models.questions.length;
        const answers = await Promise.all([call(caller, headers), call(caller, headers)]);
        const [first, meanwhile] = await Promise.all(answers.map((answer) => answer.json()));
        expect(first).toMatchObject({ output: `${sentence} [1]` });
        expect(meanwhile).toEqual(first);
        expect(await (await call(caller, headers)).json()).toEqual(first);
        expect(models.questions).toHaveLength(asked + 1);
        const other = await call(caller, headers, { question: '電話は何時までですか？' });
        expect(await other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
      });

      it('runs on by itself where the caller prefers that', async () => {
        const accepted = await call(caller, { prefer: 'respond-async' });
        expect(accepted.status).toBe(202);
        expect(accepted.headers.get('preference-applied')).toBe('respond-async');
        const place = accepted.headers.get('location') ?? '';
        const read = async () => (await caller.request(place)).json();
        await expect.poll(read, { timeout: 30_000 }).toMatchObject({
          state: 'succeeded',
          answer: { output: `${sentence} [1]` },
        });
        expect((await keyOfOthers.request(place)).status).toBe(404);
      });

      it('tells each caller what it takes, as OpenAPI', async () => {
        const document = JSON.parse(await (await caller.request('/v1/endpoints/help/openapi.json')).text());
        expect(document).toMatchObject({
          openapi: '3.1.0',
          info: { title: 'ヘルプデスク' },
          servers: [{ url: kumiki.address }],
        });
        const { schema } = document.paths['/v1/endpoints/help'].post.requestBody.content['application/json'];
        expect(schema.properties.inputs).toMatchObject({
          required: ['question'],
          properties: { question: { type: 'string' } },
        });
      });

      it('says what is wrong with inputs', async () => {
        expect(await (await call(caller, {}, {})).json()).toMatchObject({ status: 422, code: 'input-missing' });
        expect(await (await call(caller, {}, { question: 5 })).json()).toMatchObject({
          status: 422,
          code: 'input-wrong-kind',
        });
      });

      it('lets nobody in without a key, and each key only where it may go', async () => {
        const nobody = await fetch(`${kumiki.address}/v1/endpoints/help`, { method: 'POST' });
        expect(await nobody.json()).toMatchObject({ status: 401, code: 'not-signed-in' });
        expect(await (await call(kumiki.useKey('kk_made-up'))).json()).toMatchObject({ status: 401 });
        expect(await (await call(keyOfOthers)).json()).toMatchObject({ status: 403, code: 'not-allowed' });
        expect(await (await call(keyOfApi)).json()).toMatchObject({ status: 403, code: 'not-allowed' });
        expect((await caller.request('/api/flows')).status).toBe(403);
        expect((await keyOfApi.request('/api/flows')).status).toBe(200);
        expect((await fetch(`${kumiki.address}/api/flows`)).status).toBe(401);
      });

      describe('to clients of OpenAI', () => {
        const messages = [{ role: 'user' as const, content: question }];
        const connect = (apiKey = key) => new OpenAI({ baseURL: `${kumiki.address}/v1`, apiKey, maxRetries: 0 });

        it('lists the endpoints that the key may call as models', async () => {
          const list = await Array.fromAsync(await connect().models.list());
          expect(list).toMatchObject([{ id: 'help', object: 'model' }]);
          expect(await connect().models.retrieve('help')).toMatchObject({ id: 'help' });
        });

        it('completes a chat', async () => {
          const completion = await connect().chat.completions.create({ model: 'help', messages });
          expect(completion.choices).toMatchObject([
            { message: { role: 'assistant', content: `${sentence} [1]` }, finish_reason: 'stop' },
          ]);
          expect(completion.usage?.prompt_tokens).toBe(7);
        });

        it('streams a chat, with usage where it is asked for', async () => {
          const chunks = await Array.fromAsync(
            await connect().chat.completions.create({
              model: 'help',
              messages,
              stream: true,
              stream_options: { include_usage: true },
            }),
          );
          expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
          expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(`${sentence} [1]`);
          expect(chunks.some(({ choices }) => choices[0]?.finish_reason === 'stop')).toBe(true);
          expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7 } });
        });

        it('refuses what a flow cannot do, in the shape that those clients understand', async () => {
          const unknown = connect().chat.completions.create({ model: 'nothing', messages });
          await expect(unknown).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
          const twice = connect().chat.completions.create({ model: 'help', messages, n: 2 });
          await expect(twice).rejects.toMatchObject({ status: 400, param: 'n' });
          const stranger = connect('kk_made-up').chat.completions.create({ model: 'help', messages });
          await expect(stranger).rejects.toMatchObject({ status: 401, type: 'authentication_error' });
        });
      });
    });
  });
});
