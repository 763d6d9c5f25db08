import {
  buildFlow,
  createFlow,
  followRun,
  readAnswer,
  readEvents,
  type ServerSentEvent,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import type { Interference } from '@kumiki/testkit/scripted-models';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectBothLanguages, expectNoTrace, expectProblem } from './problems.ts';
import { callHelp, publishHelp, quote, readRun, startQuestion } from './questions.ts';
import { arm, makeRagFlow } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const documents = 12;
const batch = 4;
const limits = { KUMIKI_ANSWER_SECONDS: '3', KUMIKI_SILENT_SECONDS: '2' };

/** What a database is has no part in this, so one does. */
describe('a model host', { timeout: 120_000 }, () => {
  let stage: Stage;
  let help: string;

  beforeAll(async () => {
    stage = await openStage('embedded', { environment: limits });
    help = await publishHelp(stage.session);
  });
  afterAll(() => stage?.close());
  afterEach(() => stage.models.interfere(null));

  const startBuild = async (id: string) =>
    (await unwrap(stage.session.client.POST('/api/flows/{id}/builds', { params: { path: { id } }, body: {} }))).run;

  async function drawSheds(collection: string): Promise<string> {
    const texts = Array.from({ length: documents }, (_, place) => `${collection}${place}は山田${place}の担当です。\n`);
    const files = Object.fromEntries(texts.map((text, place) => [`${collection}${place}.txt`, text]));
    await uploadCollection(stage.session, collection, files);
    const settings = { embed: { batchSize: batch } };
    return (await createFlow(stage.session, makeRagFlow({ collection, host: 'ollama', settings }))).id;
  }

  /** From the third call for embeddings on; the first is answered, and its vectors are kept. */
  function interfereLate(answer: () => Promise<Interference | undefined>): Promise<void> {
    const reached = Promise.withResolvers<void>();
    let calls = 0;
    stage.models.interfere(async ({ route }) => {
      if (route !== 'POST /api/embed') return undefined;
      calls += 1;
      if (calls < 3) return undefined;
      reached.resolve();
      return answer();
    });
    return reached.promise;
  }

  /** As somebody does who has got the host up again. */
  async function buildAgain(flow: string, begun: number): Promise<void> {
    stage.models.interfere(null);
    const kept = stage.models.embeddedPassages.slice(begun, begun + batch);
    expect(kept).toHaveLength(batch);
    expect((await buildFlow(stage.session, flow)).end).toMatchObject({ state: 'succeeded', build: 1 });
    const embedded = stage.models.embeddedPassages.slice(begun);
    for (const passage of kept) expect(embedded.filter((other) => other === passage)).toHaveLength(1);
    expect(new Set(embedded).size).toBe(documents);
  }

  describe('that takes calls and never answers them', () => {
    it('holds up its build alone, which can be cancelled and built again', async () => {
      const flow = await drawSheds('silent');
      const begun = stage.models.embeddedPassages.length;
      const reached = interfereLate(() => new Promise(() => {}));
      const run = await startBuild(flow);
      await reached;
      expect((await stage.session.request('/api/flows')).status).toBe(200);
      await unwrap(stage.session.client.POST('/api/runs/{id}/cancel', { params: { path: { id: run } } }));
      expect((await followRun(stage.session, run)).end.state).toBe('cancelled');
      await buildAgain(flow, begun);
    });

    it('is asked twice more, and then fails its build, which goes on when it is built again', async () => {
      const flow = await drawSheds('mute');
      const begun = stage.models.embeddedPassages.length;
      interfereLate(() => new Promise(() => {}));
      const { end } = await followRun(stage.session, await startBuild(flow));
      expect(end).toMatchObject({ state: 'failed', error: { code: 'model-host-silent', node: 'embed' } });
      await buildAgain(flow, begun);
    });

    it('fails its question when the time is up, and the next one is answered', async () => {
      stage.models.interfere(async ({ route }) =>
        route === 'POST /api/chat' ? new Promise<undefined>(() => {}) : undefined,
      );
      await expectProblem(callHelp(stage.session), { status: 504, code: 'run-timeout' });
      const { end } = await followRun(stage.session, await startQuestion(stage.session, help));
      expect(end).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
      stage.models.interfere(null);
      expect(await (await callHelp(stage.session)).json()).toMatchObject({ output: quote });
    });
  });

  describe('that answers rubbish in the middle of a build', () => {
    const vector = Array.from({ length: 64 }, (_, place) => place);
    it.each([
      ['a page', 200, '<html><body>It works!</body></html>'],
      ['half an answer', 200, '{"embeddings": [[0.1, 0.2'],
      ['nothing', 200, ''],
      ['something else', 200, '{"hello": "world"}'],
      ['no vectors', 200, '{"embeddings": []}'],
      ['vectors of another size', 200, JSON.stringify({ embeddings: Array(batch).fill([1, 2, 3]) })],
      ['vectors that are none', 200, JSON.stringify({ embeddings: Array(batch).fill(vector.map(() => null)) })],
      ['vectors of words', 200, JSON.stringify({ embeddings: Array(batch).fill(vector.map(() => 'word')) })],
      ['an error of its own', 500, '{"error": "panic: /usr/lib/ollama: index out of range"}'],
      ['a number that is no status of its kind', 418, 'I am a teapot'],
    ])('fails the build by name, and leaves what was kept: %s', async (collection, status, body) => {
      const flow = await drawSheds(collection);
      const begun = stage.models.embeddedPassages.length;
      interfereLate(async () => ({ status, body }));
      const { end } = await followRun(stage.session, await startBuild(flow));
      expect(end).toMatchObject({ state: 'failed', error: { code: expect.stringMatching(/^(model|index-model)-/) } });
      expectBothLanguages(end.error?.message);
      expectNoTrace(JSON.stringify(end.error));
      expect(JSON.stringify(end.error)).not.toContain('/usr/lib');
      await buildAgain(flow, begun);
    });
  });

  it('that has too little memory says so, and the next build goes on', async () => {
    const flow = await drawSheds('heavy');
    const begun = stage.models.embeddedPassages.length;
    const body = '{"error": "model requires more system memory (5.6 GiB) than is available (2.1 GiB)"}';
    interfereLate(async () => ({ status: 500, body }));
    const { end } = await followRun(stage.session, await startBuild(flow));
    expect(end).toMatchObject({ state: 'failed', error: { code: 'model-out-of-memory', node: 'embed' } });
    await buildAgain(flow, begun);
  });

  it('that cuts a call of a build off is asked again, for what is missing', async () => {
    const flow = await drawSheds('shaky');
    const begun = stage.models.embeddedPassages.length;
    let cuts = 0;
    interfereLate(async () => {
      cuts += 1;
      return cuts === 1 ? 'cut' : undefined;
    });
    expect((await followRun(stage.session, await startBuild(flow))).end).toMatchObject({ state: 'succeeded' });
    expect(new Set(stage.models.embeddedPassages.slice(begun)).size).toBe(documents);
  });

  it('that is killed in the middle of an answer fails it by name, for whoever follows and whoever calls', async () => {
    const { session, models } = stage;
    /** Kills it once somebody has begun to read. */
    const killAtText = async (answer: Response, text: string) => {
      const seen: ServerSentEvent[] = [];
      for await (const event of readEvents(answer)) {
        if (event.event === text && !seen.some((before) => before.event === text)) models.cutConnections();
        seen.push(event);
      }
      return seen;
    };
    const asked = models.pauseChats(2);
    const run = await startQuestion(session, help);
    const told = await killAtText(await session.request(`/api/runs/${run}/events`), 'text-delta');
    expect(JSON.parse(told.at(-1)?.data ?? '')).toMatchObject({
      type: 'run-end',
      state: 'failed',
      error: { code: 'model-stream-cut', node: 'answer' },
    });
    expect((await readRun(session, run)).state).toBe('failed');
    asked.release();

    const called = models.pauseChats(2);
    const streaming = await callHelp(session, { headers: { accept: 'text/event-stream' } });
    const events = await killAtText(streaming, 'delta');
    expect(events.at(-1)?.event).toBe('error');
    expect(JSON.parse(events.at(-1)?.data ?? '')).toMatchObject({ code: 'model-stream-cut' });
    called.release();
    expect(readAnswer(await followRun(session, await startQuestion(session, help)), arm).value).toBe(quote);
  });
});
