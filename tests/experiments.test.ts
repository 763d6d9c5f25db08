import { followRun, unwrap } from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseKinds } from './databases.ts';
import { publishHelp } from './questions.ts';
import { arm } from './rag-flow.ts';
import { openStage, type Stage } from './stage.ts';

const warmUp = 'Kumiki: 1 + 1';
const asked = Array.from(
  { length: 8 },
  (_, place) => `返金について ${place + 1} 番目の質問です。いつまで受けられますか？`,
);
/** The first one warms the model up. */
const chatsBefore = 5;

describe.each(databaseKinds)('an experiment that is killed, on the %s database', { timeout: 120_000 }, (kind) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(kind);
  });
  afterAll(() => stage?.close());

  it('goes on with what was not answered yet, and asks nothing twice that was', async () => {
    const { models } = stage;
    const flow = await publishHelp(stage.session);
    const { client } = stage.session;
    const rows = asked.map((question) => ({ question, reference: '14日以内' }));
    const body = { name: '返金', source: { kind: 'rows' as const, rows } };
    const { id: questionSet } = await unwrap(client.POST('/api/question-sets', { body }));
    const begun = models.questions.length;
    const reached = Promise.withResolvers<void>();
    const killed = Promise.withResolvers<void>();
    let chats = 0;
    models.interfere(async ({ route }) => {
      if (route !== 'POST /api/chat') return undefined;
      chats += 1;
      if (chats <= chatsBefore) return undefined;
      reached.resolve();
      await killed.promise;
      return 'cut';
    });
    const arms = [{ flow, version: 1, build: 1, output: arm }];
    const usual = { baseline: 0, input: 'question', repetitions: 1, retrievedPassages: 5, includeTrained: false };
    const unused = { embedding: null, judge: null, probe: null, primary: null };
    const settings = { name: '返金', arms, questionSet, ...usual, ...unused };
    const { id, run } = await unwrap(client.POST('/api/experiments', { body: settings }));
    await reached.promise;
    await stage.kumiki.kill();
    killed.resolve();
    models.interfere(null);
    await stage.startAgain();

    expect((await followRun(stage.session, run)).end).toMatchObject({ state: 'succeeded', error: null });
    const prompts = models.questions.slice(begun);
    const measured = prompts.filter((prompt) => !prompt.includes(warmUp));
    expect(prompts.length - measured.length).toBe(2);
    expect(measured).toHaveLength(asked.length);
    for (const question of asked) expect(measured.filter((prompt) => prompt.includes(question))).toHaveLength(1);
    const report = await unwrap(stage.session.client.GET('/api/experiments/{id}/report', { params: { path: { id } } }));
    expect(report).toMatchObject({ experiment: { complete: true }, counts: { answered: asked.length, failed: 0 } });
  });
});
