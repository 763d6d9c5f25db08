import { buildFlowDocument } from '@kumiki/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { experimentReportSchema } from '../contract/experiment-report.ts';
import { stopping } from '../runs/runner.ts';
import {
  buildTwoArms,
  freeze,
  type MeasuredFlow,
  runToEnd,
  warmUpQuestion,
  watchChats,
  writeFacts,
} from '../testing/measure-arms.ts';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { findWords } from '../testing/search-database.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test.close();
});

/** Just enough for intervals: there are none below 15. */
const facts = writeFacts(16);
const rows = facts.map(({ row }) => row);
const primary = 'containment';

describe('an experiment', () => {
  it('measures arms over the API, from questions to a decision', async () => {
    const { arms, flow } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    const settings = { name: '実験', arms, questionSet, repetitions: 2, seed: 11, primary };
    const checked = await test.call('POST', '/api/experiments/check', settings);
    expect(checked).toMatchObject({ status: 200, body: { answers: 64, warnings: [] } });
    const asked = watchChats(test);
    const { id, run, events } = await runToEnd(test, settings);

    expect(events[0]).toMatchObject({ type: 'run-start', kind: 'experiment' });
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded', error: null });
    const progress = events.filter((event) => event.type === 'experiment-progress');
    expect(progress[0]).toMatchObject({ stage: 'asking', done: 0, total: 64, remainingSeconds: null });
    expect(progress.at(-1)).toMatchObject({ stage: 'asking', done: 64, total: 64, failed: 0, remainingSeconds: 0 });
    // Both arms have the same model, which is warmed up once.
    expect(asked.filter((prompt) => prompt.includes(warmUpQuestion))).toHaveLength(1);
    expect(asked[0]).toContain(warmUpQuestion);
    expect(asked).toHaveLength(65);

    const { body: experiment } = await test.call('GET', `/api/experiments/${id}`);
    expect(experiment).toMatchObject({ state: 'succeeded', run, answers: { planned: 64, made: 64, failed: 0 } });
    expect((await test.call('GET', `/api/experiments?flow=${flow}`)).body.items).toEqual([experiment]);

    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(experimentReportSchema.parse(report)).toEqual(report);
    expect(report.counts).toMatchObject({ rows: 16, clusters: 16, planned: 64, answered: 64, failed: 0, leftOut: [] });
    expect(report.arms).toMatchObject([
      { key: 'arm-1', name: 'base', kind: 'base', baseline: true, models: [{ name: 'fake-chat', purpose: 'chat' }] },
      { key: 'arm-2', name: 'retrieval', kind: 'retrieval', baseline: false, diskBytes: expect.any(Number) },
    ]);
    const means = (metric: string) =>
      report.comparison.metrics
        .find((compared: { metric: { id: string } }) => compared.metric.id === metric)
        .arms.map(({ own }: { own: { mean: number } | null }) => own?.mean ?? null);
    expect(means(primary)).toEqual([0, 1]);
    expect(means('recall')).toEqual([null, 1]);
    expect(means('answer-correctness')).toEqual([null, null]);
    expect(report.comparison.metrics[0].topics.map(({ topic }: { topic: string }) => topic).toSorted()).toEqual([
      '偶数',
      '奇数',
    ]);
    expect(report.decision.headline.ja).not.toBe('');
    expect(report.judge).toBeNull();
    expect(report.facts).toMatchObject([{ arm: 'arm-1', newFacts: { kind: 'no-way-in' } }, { newFacts: null }]);
    expect(report.facts[0].preparation).toMatchObject({ seconds: 0 });
    expect(report.facts[1].preparation.seconds).toBeGreaterThan(0);
  });

  it('shows the answers of all arms side by side, and as CSV', async () => {
    const { arms } = await buildTwoArms(test, facts.slice(0, 3));
    const questionSet = await freeze(test, [...rows.slice(0, 3), { question: '=1+1', reference: '"2", oder\n3' }]);
    const { id } = await runToEnd(test, { arms, questionSet, primary });
    const { body } = await test.call('GET', `/api/experiments/${id}/rows?order=difference&limit=3`);
    expect(body.items[0]).toMatchObject({ difference: 1, leftOut: false, references: [expect.stringContaining('円')] });
    expect(body.items[0].answers.map(({ arm }: { arm: string }) => arm)).toEqual(['arm-1', 'arm-2']);
    expect(body.items[0].answers[1].passages[0].text).toContain('送料');
    const { body: rest } = await test.call('GET', `/api/experiments/${id}/rows?order=difference&cursor=${body.next}`);
    expect(rest).toMatchObject({ items: [{ question: '=1+1' }], next: null });
    // As bytes: to read a body as text takes the mark away.
    const csv = Buffer.from(await (await test.fetch(`/api/experiments/${id}/answers.csv`)).arrayBuffer()).toString();
    expect(csv.startsWith('\ufeffnumber,id,question,')).toBe(true);
    expect(csv.split('\r\n')).toHaveLength(1 + 8 + 1);
    expect(csv).toContain(`4,4,'=1+1,"""2"", oder\n3",`);
  });

  it('goes on after an interruption with what was not answered yet', async () => {
    const { arms } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    const kept: number[] = [];
    const asked = watchChats(test, (_, place) => {
      // The answer under way when the worker is stopped is not kept, and asked again; what was kept is not.
      if (place === 15) test.workbench.running.live.abort(run, stopping);
      return null;
    });
    const { body } = await test.call('POST', '/api/experiments', { name: '実験', arms, questionSet, primary });
    const { run, id } = body;
    const events = (await test.followRun(run)).map(({ event }) => event);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', state: 'succeeded' });
    const begun = events.flatMap((event) =>
      event.type === 'experiment-progress' && event.remainingSeconds === null ? [event.done] : [],
    );
    kept.push(...begun);
    expect(kept).toEqual([0, 13]);
    const measured = asked.filter((prompt) => !prompt.includes(warmUpQuestion));
    expect(measured).toHaveLength(33);
    expect(new Set(measured).size).toBe(32);
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report).toMatchObject({ counts: { answered: 32 }, experiment: { complete: true } });
  });

  it('is cancelled, and reports on what was answered until then', async () => {
    const { arms } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const chat = test.host.chat.bind(test.host);
    let chats = 0;
    vi.spyOn(test.host, 'chat').mockImplementation(async function* (request, signal) {
      chats += 1;
      if (chats === 10) {
        begun.resolve();
        signal.addEventListener('abort', () => held.resolve());
        await held.promise;
      }
      return yield* chat(request, signal);
    });
    const { body } = await test.call('POST', '/api/experiments', { name: '実験', arms, questionSet, primary });
    expect((await test.call('GET', `/api/experiments/${body.id}/report`)).body.code).toBe('experiment-under-way');
    await begun.promise;
    expect((await test.call('DELETE', `/api/experiments/${body.id}`)).body.code).toBe('experiment-under-way');
    await test.call('POST', `/api/runs/${body.run}/cancel`);
    expect((await test.followRun(body.run)).at(-1)?.event).toMatchObject({ type: 'run-end', state: 'cancelled' });
    const { body: report } = await test.call('GET', `/api/experiments/${body.id}/report`);
    expect(report).toMatchObject({ experiment: { state: 'cancelled', complete: false }, counts: { answered: 8 } });
    const unasked = report.counts.leftOut.filter(({ reason }: { reason: string }) => reason === 'not-asked');
    expect(unasked.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(24);
    expect((await test.call('DELETE', `/api/experiments/${body.id}`)).status).toBe(204);
    expect((await test.call('GET', `/api/experiments/${body.id}`)).status).toBe(404);
  });

  it('is run again by sending its settings, with the same questions in the same order', async () => {
    const { arms } = await buildTwoArms(test, facts.slice(0, 5));
    const questionSet = await freeze(test, rows.slice(0, 5));
    const asked = watchChats(test);
    const { id } = await runToEnd(test, { arms, questionSet, primary });
    const first = [...asked];
    const { body } = await test.call('GET', `/api/experiments/${id}`);
    await runToEnd(test, body.settings);
    expect(asked.slice(first.length)).toEqual(first);
    expect(first.length).toBe(11);
  });

  it('takes the form of what cannot be measured, and decides by it anew', async () => {
    const { arms } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    const { id } = await runToEnd(test, { arms, questionSet, primary });
    const codes = async (part: string) => {
      const { body } = await test.call('GET', `/api/experiments/${id}/report`);
      return body.decision[part].map(({ code }: { code: string }) => code);
    };
    expect(await codes('missing')).toEqual(expect.arrayContaining(['facts-change', 'latency-limit', 'budget']));
    const form = { factsChange: { everyDays: 7 }, latencyLimit: { of: 'total', seconds: 60 } };
    expect((await test.call('PUT', `/api/experiments/${id}/form`, form)).body).toMatchObject({ ...form, prices: null });
    expect((await test.call('GET', `/api/experiments/${id}`)).body).toMatchObject({ form });
    const missing = await codes('missing');
    expect(missing).not.toContain('facts-change');
    expect(missing).not.toContain('latency-limit');
    expect(await codes('excluded')).toContain('no-way-in-for-facts');
  });
});

describe('people’s labels', () => {
  it('are given blind to the arms, and compared with the judge', async () => {
    const { arms } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    // This judge finds whatever quotes a price the better one, wherever it stands.
    watchChats(test, (prompt) => judgeByPrice(prompt));
    const judge = { host: 'embedded', model: 'fake-chat' };
    const { id } = await runToEnd(test, { arms, questionSet, primary, judge });
    const { body: page } = await test.call('GET', `/api/experiments/${id}/labels?limit=200`);
    expect(page).toMatchObject({ total: 16, labelled: 0, next: null });
    expect(JSON.stringify(page.items)).not.toMatch(/arm-\d|base|retrieval/);
    const sides = page.items.map(({ left }: { left: string }) => left.includes('円です'));
    expect(sides.filter(Boolean)).toHaveLength(8);
    for (const [place, { pair, left }] of page.items.slice(0, 6).entries()) {
      // One of six says the opposite of what the judge does.
      const hasPrice = left.includes('円です') === place > 0;
      const label = await test.call('PUT', `/api/experiments/${id}/labels/${pair}`, {
        verdict: hasPrice ? 'left' : 'right',
      });
      expect(label.body).toMatchObject({ pair, verdict: hasPrice ? 'left' : 'right' });
    }
    const { body: rest } = await test.call('GET', `/api/experiments/${id}/labels`);
    expect(rest).toMatchObject({ labelled: 6, total: 16 });
    expect(rest.items).toHaveLength(10);
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report.judge).toMatchObject({ model: 'fake-chat', pairs: 16, disagreements: 0, rubbish: 0, failed: 0 });
    expect(report.judge.prompts.pair).toContain('You compare two answers');
    expect(report.judge.wins).toMatchObject([{ arm: 'arm-2', against: 'arm-1', won: 16, lost: 0, preference: 1 }]);
    expect(report.labels).toMatchObject({ labelled: 6, pairs: 16, wins: [{ arm: 'arm-2', won: 5, lost: 1 }] });
    // The judge gives one verdict only, so that agreement with it is no more than chance.
    expect(report.labels.kappa).toBe(0);
    expect((await test.call('PUT', `/api/experiments/${id}/labels/99`, { verdict: 'tie' })).body.code).toBe(
      'label-pair-unknown',
    );
  });
});

/** Answers the judge's prompts by whether an answer tells a price. */
function judgeByPrice(prompt: string): string | null {
  const after = (from: string, to: string) => prompt.split(from)[1]?.split(to)[0]?.includes('円です') ?? false;
  if (prompt.startsWith('You compare two answers')) {
    const [first, second] = [after('Answer A:', 'Answer B:'), after('Answer B:', '\0')];
    return JSON.stringify({ better: first === second ? 'tie' : first ? 'A' : 'B', reason: '送料を答えている。' });
  }
  if (prompt.startsWith('You check an answer')) {
    return JSON.stringify({ verdict: after('Answer:\n', '\0') ? 'right' : 'wrong' });
  }
  if (prompt.startsWith('You check whether passages support')) return '{"statements": [{"supported": true}]}';
  if (prompt.startsWith('You check whether passages help')) {
    const count = Number(/with (\d+) values/.exec(prompt)?.[1]);
    return JSON.stringify({ useful: Array.from({ length: count }, (_, place) => place === 0) });
  }
  return null;
}

describe('what a judge says', () => {
  it('is a score beside the others', async () => {
    const { arms } = await buildTwoArms(test, facts.slice(0, 4));
    const questionSet = await freeze(test, rows.slice(0, 4));
    watchChats(test, judgeByPrice);
    const judge = { host: 'embedded', model: 'fake-chat' };
    const embedding = { host: 'embedded', model: 'fake-embedding' };
    const { id } = await runToEnd(test, { arms, questionSet, primary, judge, embedding });
    const { body } = await test.call('GET', `/api/experiments/${id}/rows`);
    const [base, retrieval] = body.items[0].answers;
    expect(base.scores).toMatchObject({
      'answer-correctness': 0,
      faithfulness: { notApplicable: 'no-retrieval' },
      similarity: expect.any(Number),
    });
    expect(retrieval.scores).toMatchObject({ 'answer-correctness': 1, faithfulness: 1, 'context-precision': 1 });
    expect(body.items[0].judgements).toMatchObject([{ arms: ['arm-1', 'arm-2'], preferred: 'arm-2', agreed: true }]);
  });

  it('is counted where it is rubbish, and where the two orders disagree', async () => {
    const { arms } = await buildTwoArms(test, facts.slice(0, 4));
    const questionSet = await freeze(test, rows.slice(0, 4));
    let pairs = 0;
    watchChats(test, (prompt) => {
      if (!prompt.startsWith('You compare')) return prompt.startsWith('You check') ? 'なるほど。{いい質問です' : null;
      pairs += 1;
      // Of the first two pairs, whatever stands first is better; of the others nobody can read the verdict.
      return pairs <= 4 ? '{"better": "A"}' : '答えは A だと思います。';
    });
    const judge = { host: 'embedded', model: 'fake-chat' };
    const { id, events } = await runToEnd(test, { arms, questionSet, primary, judge });
    expect(events.at(-1)).toMatchObject({ state: 'succeeded' });
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report.judge).toMatchObject({ pairs: 4, disagreements: 2, rubbish: 2, failed: 0 });
    const { body } = await test.call('GET', `/api/experiments/${id}/rows?limit=1`);
    expect(body.items[0].answers[0].scores['answer-correctness']).toEqual({ notApplicable: 'judge-unreadable' });
    expect(body.items[0].answers[1].scores.containment).toBe(1);
  });
});

describe('what is wrong with an experiment', () => {
  let measured: MeasuredFlow;
  beforeEach(async () => {
    measured = await buildTwoArms(test, facts.slice(0, 3));
  });

  it('is a baseline, an arm, an input or a metric that is not there', async () => {
    const questionSet = await freeze(test, rows);
    const { arms } = measured;
    const refuse = async (settings: object) => {
      const { status, body } = await test.call('POST', '/api/experiments', {
        name: 'x',
        questionSet,
        arms,
        ...settings,
      });
      return [status, body.code, body.path ?? null];
    };
    expect(await refuse({ baseline: 2 })).toEqual([422, 'baseline-unknown', '/baseline']);
    expect(await refuse({ arms: [arms[0], arms[0]] })).toEqual([422, 'arm-repeated', '/arms/1']);
    expect(await refuse({ arms: [{ ...arms[0], output: 'nothing' }] })).toEqual([422, 'output-unknown', '/output']);
    expect(await refuse({ arms: [{ ...arms[0], build: 9 }] })).toEqual([404, 'build-unknown', null]);
    expect(await refuse({ input: 'prompt' })).toEqual([422, 'question-input-unknown', '/arms/0']);
    expect(await refuse({ primary: 'total-time' })).toEqual([422, 'metric-unknown', '/primary']);
    expect(await refuse({ judge: { host: 'embedded', model: 'fake-embedding' } })).toEqual([
      422,
      'model-purpose',
      '/judge',
    ]);
    expect(await refuse({ questionSet: crypto.randomUUID() })).toEqual([404, 'question-set-unknown', null]);
  });

  it('is an arm that would change something outside: it is refused before anything is asked', async () => {
    const document = buildFlowDocument('Call')
      .node('question', 'input', { name: 'question' })
      .node('call', 'logic/http-request', {
        url: 'https://example.com',
        body: '{"text":"{{question}}"}',
        answer: 'json',
      })
      .node('output', 'output', { name: 'answer' })
      .wire('question.value', 'call.question')
      .wire('call.response', 'output.value')
      .build();
    const flow = (await test.call('POST', '/api/flows', { document })).body.id;
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded' });
    const arms = [{ flow, version: 1, build: 1, output: 'answer' }];
    const questionSet = await freeze(test, rows);
    const refused = await test.call('POST', '/api/experiments', { name: 'x', arms, questionSet });
    expect(refused.body).toMatchObject({ status: 422, code: 'acts-in-experiment', node: 'call' });
    expect((await test.call('GET', '/api/experiments')).body.items).toEqual([]);
  });

  it('is one question only, which is asked and decides nothing', async () => {
    const questionSet = await freeze(test, rows.slice(0, 1));
    const { id } = await runToEnd(test, { arms: measured.arms, questionSet, primary });
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report.warnings).toMatchObject([{ code: 'one-question' }]);
    expect(report.counts).toMatchObject({ rows: 1, answered: 2 });
    expect(report.decision.outcome.kind).toBe('not-enough-evidence');
  });

  it('is an arm that always fails: the others are measured, and its rows say why', async () => {
    const questionSet = await freeze(test, rows);
    watchChats(test, (prompt) => {
      if (prompt.includes('[1]')) return null;
      throw new Error('This arm has no passages, and fails');
    });
    const { id, events } = await runToEnd(test, { arms: measured.arms, questionSet, primary });
    expect(events.at(-1)).toMatchObject({ state: 'succeeded' });
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report.counts).toMatchObject({ answered: 16, failed: 16 });
    expect(report.counts.leftOut).toMatchObject([{ reason: 'failed', arm: 'arm-1', count: 16 }]);
    expect(report.decision.excluded).toMatchObject([
      { code: 'not-measured', facts: { arm: 'arm-1' } },
      { code: 'fails-often', facts: { arm: 'arm-1', failed: 16 } },
    ]);
    const { body } = await test.call('GET', `/api/experiments/${id}/rows?limit=1`);
    expect(body.items[0].answers).toMatchObject([
      { state: 'failed', error: { code: 'internal' } },
      { state: 'answered' },
    ]);
    expect(JSON.stringify(body)).not.toContain('has no passages');
  });

  it('is every arm failing, which fails the run', async () => {
    const questionSet = await freeze(test, rows.slice(0, 2));
    watchChats(test, () => {
      throw new Error('no');
    });
    const { id, events } = await runToEnd(test, { arms: measured.arms, questionSet, primary });
    expect(events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'experiment-without-answers' } });
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report).toMatchObject({ counts: { failed: 4 }, decision: { outcome: { kind: expect.any(String) } } });
  });

  it('is a host that tells no digest, and settings that differ between arms', async () => {
    test.host.changeDigest('fake-chat', null);
    const { flow } = measured;
    const { body: drawn } = await test.call('GET', `/api/flows/${flow}`);
    const { answer } = drawn.document.nodes;
    const changed = { ...answer, settings: { ...answer.settings, temperature: 1, maximumTokens: 64 } };
    const document = { ...drawn.document, nodes: { ...drawn.document.nodes, answer: changed } };
    const put = { 'if-match': `"${drawn.revision}"` };
    expect((await test.call('PUT', `/api/flows/${flow}`, { document }, put)).status).toBe(200);
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    expect((await test.followRun(run)).at(-1)?.event).toMatchObject({ state: 'succeeded', build: 2 });
    const arms = ['base', 'retrieval'].map((output) => ({ flow, version: 2, build: 2, output }));
    const questionSet = await freeze(test, rows);
    const { body } = await test.call('POST', '/api/experiments/check', { name: 'x', arms, questionSet });
    expect(body.warnings.map(({ code }: { code: string }) => code).toSorted()).toEqual([
      'limit-differs',
      'model-unpinned',
      'sampling-differs',
    ]);
    const sampling = body.warnings.find(({ code }: { code: string }) => code === 'sampling-differs');
    expect(sampling.message.ja).toContain('「base」は 0.2、「retrieval」は 1');
  });
});

describe('new facts', () => {
  it('reach an arm that retrieves once they are indexed, and leave collection and builds as they were', async () => {
    const { arms, flow, collection } = await buildTwoArms(test, facts.slice(0, 3));
    const questionSet = await freeze(test, rows.slice(0, 3));
    const [fact, other] = writeFacts(21).slice(19);
    const documents = [fact, other].flatMap((one) => (one === undefined ? [] : [{ name: one.name, text: one.text }]));
    const questions = [
      { question: '第20番の品物の送料はいくらですか', reference: '2000円' },
      { question: '第21番の品物の送料はいくらですか', reference: '2100円' },
      { question: '第22番の品物の送料はいくらですか', reference: '2200円' },
    ];
    const probe = { collection, documents, questions };
    const { id, events } = await runToEnd(test, { arms, questionSet, primary, probe });
    expect(events.findLast((event) => event.type === 'experiment-progress')).toMatchObject({
      ...{ stage: 'probing', done: 1, total: 1, failed: 0 },
    });
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report.facts).toMatchObject([
      { newFacts: { kind: 'no-way-in' } },
      { newFacts: { kind: 'measured', retrains: false, asked: 3, known: 2, seconds: expect.any(Number) } },
    ]);
    const { body: files } = await test.call('GET', `/api/collections/${collection}/files`);
    expect(files.items).toHaveLength(3);
    expect((await test.call('GET', `/api/flows/${flow}/builds`)).body.items).toHaveLength(1);
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    await test.followRun(run);
    const built = (await test.call('GET', `/api/flows/${flow}/builds`)).body.items[0].artifacts;
    expect(built.find(({ node }: { node: string }) => node === 'index')).toMatchObject({ documents: 3 });
  });
});

describe('forgetting a document', () => {
  it('takes its questions and what was answered from it, and leaves the report', async () => {
    const { arms } = await buildTwoArms(test, facts);
    const questionSet = await freeze(test, rows);
    const { id } = await runToEnd(test, { arms, questionSet, primary });
    const words = ['第1番の品物の送料', 'item-1.txt'];
    const { database } = test.workbench.store;
    expect(await findWords(database, words)).not.toEqual([]);
    const document = { collection: 'docs', name: 'item-1.txt' };
    expect((await test.call('POST', '/api/forget', { document })).body.state).toBe('gone');
    expect(await findWords(database, words)).toEqual([]);
    const { body: report } = await test.call('GET', `/api/experiments/${id}/report`);
    expect(report).toMatchObject({
      counts: { rows: 16, answered: 32 },
      reproduce: { questionSet: { redacted: true } },
    });
    const again = await test.call('POST', '/api/experiments/check', { name: 'x', arms, questionSet });
    expect(again.body.answers).toBe(30);
  });
});
