import { type KumikiProcess, startKumiki } from '@kumiki/testkit/kumiki-process';
import { type KumikiSession, unwrap } from '@kumiki/testkit/kumiki-session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from './problems.ts';
import { callHelp, publishHelp, question } from './questions.ts';
import { openStage, type Stage } from './stage.ts';

const calls = 50;

describe('two servers on one Postgres', { timeout: 120_000 }, () => {
  let stage: Stage;
  let other: KumikiProcess;
  let flow: string;
  let callers: readonly [KumikiSession, KumikiSession];

  beforeAll(async () => {
    stage = await openStage('postgres');
    const environment = { ...stage.database.environment, OLLAMA_HOST: stage.models.address };
    other = await startKumiki({ dataFolder: stage.dataFolder, environment });
    flow = await publishHelp(stage.session);
    const body = { name: 'script', scopes: ['v1', 'api'], endpoints: null } as const;
    const { key } = await unwrap(stage.session.client.POST('/api/keys', { body: { ...body, scopes: ['v1', 'api'] } }));
    callers = [stage.kumiki.useKey(key), other.useKey(key)];
  });
  afterAll(async () => {
    await other?.stop();
    await stage?.close();
  });

  const countQuestions = async () => {
    const query = { kind: 'question', limit: 200 } as const;
    return (await unwrap(stage.session.client.GET('/api/runs', { params: { query } }))).items.length;
  };

  const startRun = (caller: KumikiSession, headers: Readonly<Record<string, string>>, inputs: object = { question }) =>
    caller.request(`/api/flows/${flow}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ inputs }),
    });
  const call = (caller: KumikiSession, headers: Readonly<Record<string, string>>, inputs: object = { question }) =>
    callHelp(caller, { headers, inputs });
  const callLater = (caller: KumikiSession, headers: Readonly<Record<string, string>>, inputs?: object) =>
    call(caller, { prefer: 'respond-async', ...headers }, inputs);

  it.each([
    ['an answer', 200, call],
    ['a run that answers later', 202, callLater],
    ['a run of a flow', 202, startRun],
  ] as const)('make one run of fifty equal requests with one Idempotency-Key: %s', async (key, status, ask) => {
    const before = { runs: await countQuestions(), asked: stage.models.questions.length };
    const headers = { 'idempotency-key': key };
    const answers = await Promise.all(
      Array.from({ length: calls }, (_, place) => ask(callers[place % 2 === 0 ? 0 : 1], headers)),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: calls }, () => status));
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    // Each server writes the answers that it gave down by itself, soon after.
    await expect.poll(countQuestions).toBe(before.runs + 1);
    await expect.poll(() => stage.models.questions.length).toBe(before.asked + 1);
    for (const caller of callers) {
      const again = ask(caller, headers, { question: '電話は何時までですか？' });
      await expectProblem(again, { status: 422, code: 'idempotency-key-reused' });
    }
  });
});
