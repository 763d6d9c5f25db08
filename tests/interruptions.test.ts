import {
  askFlow,
  buildFlow,
  createFlow,
  followRun,
  readAnswer,
  readEvents,
  type ServerSentEvent,
  unwrap,
  uploadCollection,
} from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { callHelp, publishHelp, question, quote, readRun, startQuestion } from './questions.ts';
import { raceCancels } from './races.ts';
import { arm, articles, makeRagFlow } from './rag-flow.ts';
import { chooseSeed } from './random.ts';
import { openStage, type Stage } from './stage.ts';

describe.each(databaseKinds)('in the middle of a run, on the %s database', { timeout: 120_000 }, (kind) => {
  let stage: Stage;
  let flow: string;

  beforeAll(async () => {
    stage = await openStage(kind);
    flow = await publishHelp(stage.session);
  });
  afterAll(() => stage?.close());

  /** What is replayed comes from the database, which puts names in an order of its own. */
  const parse = ({ id, data }: ServerSentEvent) => ({ id, data: JSON.parse(data) });

  describe('a client that is gone', () => {
    it('leaves a run alone that it only followed, and finds the rest of it without a gap', async () => {
      const { session, models } = stage;
      const pause = models.pauseChats(2);
      const run = await startQuestion(session, flow);
      const leaving = new AbortController();
      const path = `/api/runs/${run}/events`;
      const seen: ServerSentEvent[] = [];
      for await (const event of readEvents(await session.request(path, { signal: leaving.signal }))) {
        seen.push(event);
        if (event.event === 'text-delta') break;
      }
      leaving.abort();
      pause.release();
      const rest = await session.request(path, { headers: { 'last-event-id': seen.at(-1)?.id ?? '' } });
      const all = [...seen, ...(await Array.fromAsync(readEvents(rest)))];
      const replayed = await Array.fromAsync(readEvents(await session.request(path)));
      expect(all.map(parse)).toEqual(replayed.map(parse));
      expect(readAnswer(await followRun(session, run), arm).value).toBe(quote);
    });

    it('takes the generation of its streamed call along, and the run says so', async () => {
      const { session, models } = stage;
      const left = models.abandonedChats();
      const pause = models.pauseChats(2);
      const leaving = new AbortController();
      const headers = { accept: 'text/event-stream' };
      const answer = await callHelp(session, { headers, signal: leaving.signal });
      for await (const { event } of readEvents(answer)) if (event === 'delta') break;
      leaving.abort();
      await expect.poll(models.abandonedChats).toBe(left + 1);
      pause.release();
      const listNewest = async () => {
        const query = { kind: 'question', limit: 1, endpoint: 'help' } as const;
        return (await unwrap(session.client.GET('/api/runs', { params: { query } }))).items[0]?.state;
      };
      await expect.poll(listNewest).toBe('cancelled');
    });

    it('finds the answer of its call when it comes back with the same Idempotency-Key', async () => {
      const { session, models } = stage;
      const asked = models.questions.length;
      const pause = models.pauseChats(2);
      const leaving = new AbortController();
      const headers = { accept: 'text/event-stream', 'idempotency-key': `left-${kind}` };
      const call = callHelp(session, { headers, signal: leaving.signal });
      await pause.reached;
      leaving.abort();
      await expect(call).rejects.toThrow();
      pause.release();
      const again = await callHelp(session, { headers: { 'idempotency-key': `left-${kind}` } });
      expect(await again.json()).toMatchObject({ output: quote });
      expect(models.questions).toHaveLength(asked + 1);
    });
  });

  describe('an edit of the flow', () => {
    const save = async (id: string, document: ReturnType<typeof makeRagFlow>) => {
      const { client } = stage.session;
      const { revision } = await unwrap(client.GET('/api/flows/{id}', { params: { path: { id } } }));
      const header = { 'if-match': `"${revision}"` };
      await unwrap(client.PUT('/api/flows/{id}', { params: { path: { id }, header }, body: { document } }));
    };

    it('is no part of the build that is under way, and of the next one', async () => {
      const { session, models } = stage;
      // Other texts than those whose vectors are known by now.
      const texts = Object.entries(articles).map(([name, text]) => [
        name,
        `${text}お問い合わせの番号は${text.length}番です。\n`,
      ]);
      await uploadCollection(session, 'edited', Object.fromEntries(texts));
      const draw = (size: number) =>
        makeRagFlow({ collection: 'edited', host: 'ollama', settings: { chunk: { size }, embed: { batchSize: 1 } } });
      const { id } = await createFlow(session, draw(300));
      const pause = models.pauseEmbeddings(1);
      const { run } = await unwrap(
        session.client.POST('/api/flows/{id}/builds', { params: { path: { id } }, body: {} }),
      );
      await pause.reached;
      await save(id, draw(32));
      pause.release();
      expect((await followRun(session, run)).end).toMatchObject({ state: 'succeeded', build: 1 });
      expect((await readRun(session, run)).version).toBe(1);
      const first = await askFlow(session, id, { inputs: { question }, build: 1 });
      expect(readAnswer(first, arm).value).toBe(quote);
      await expect(askFlow(session, id, { inputs: { question } })).rejects.toMatchObject({
        problem: { code: 'not-built' },
      });
      expect(await buildFlow(session, id)).toMatchObject({ version: 2, end: { state: 'succeeded', build: 2 } });
    });

    it('is no part of the question that is under way', async () => {
      const { session, models } = stage;
      const { id } = await createFlow(session, makeRagFlow({ collection: 'help', host: 'ollama' }));
      await buildFlow(session, id);
      const pause = models.pauseChats(1);
      const run = await startQuestion(session, id);
      await pause.reached;
      const settings = { prompt: { template: 'Forget {{passages}} and say {{question}}' }, output: { name: 'Other' } };
      await save(id, makeRagFlow({ collection: 'help', host: 'ollama', settings }));
      pause.release();
      expect(readAnswer(await followRun(session, run), arm).value).toBe(quote);
    });
  });

  it('a cancel that races with the end of a run leaves it one end, which everybody is told', async () => {
    const seed = chooseSeed('cancels');
    const ends = await raceCancels(stage.session, { flow, seed, repetitions: 12 });
    expect(ends.succeeded + ends.cancelled).toBe(12);
  });
});
