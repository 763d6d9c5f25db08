import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectRows } from '../database/database.ts';
import type { Store } from '../database/open-store.ts';
import type { QuestionContent } from '../schema/question-sets.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import {
  addScores,
  keepAnswer,
  keepJudgement,
  listAnswerKeys,
  listAnswerMeasures,
  listAnswers,
  listJudgements,
  listLabels,
  type NewAnswer,
  putLabel,
} from './experiment-answers.ts';
import {
  deleteExperiment,
  insertExperiment,
  listExperiments,
  putExperimentForm,
  readExperiment,
  readExperimentOfRun,
} from './experiments.ts';
import { insertFlow } from './flows.ts';
import { deleteOldRuns } from './history.ts';
import {
  deleteQuestionSet,
  insertQuestionSet,
  listQuestionSets,
  listQuestions,
  readQuestionSet,
  readQuestions,
} from './question-sets.ts';
import { claimRun, finishRun, insertQueuedRuns } from './runs.ts';

let store: Store;
let flow: string;
beforeAll(async () => {
  store = await openTestDatabase();
  flow = (await insertFlow(store.database, { workspace, document: makeDocument('measured') })).id;
});
afterAll(() => store.close());

function makeContent(id: string): QuestionContent {
  const unknown = { references: ['答え'], passages: [], topic: null, answerable: true, inputs: {} };
  return { id, question: `質問 ${id}`, cluster: id, ...unknown };
}

function makeSet(name: string, ids: readonly string[]) {
  const counts = { rows: ids.length, clusters: 1, withReference: 0, withPassages: 0, unanswerable: 0, topics: 0 };
  return insertQuestionSet(store.database, {
    ...{ workspace, name, sha256: 'a'.repeat(64), source: 'rows', counts, findings: [] },
    questions: ids.map((id) => ({ content: makeContent(id), sourceHash: null, subject: null })),
  });
}

async function makeExperiment(parts: { readonly questionSet?: string; readonly flows?: readonly string[] } = {}) {
  const { database } = store;
  const questionSet = parts.questionSet ?? (await makeSet('questions', ['a'])).id;
  const [run = ''] = await insertQueuedRuns(database, [{ workspace, kind: 'experiment', flow, version: 1 }]);
  const experiment = await insertExperiment(database, {
    ...{ workspace, run, questionSet, name: 'experiment', seed: 7, repetitions: 1, planned: 2 },
    ...{ flows: parts.flows ?? [flow], settings: {}, arms: [], findings: {} },
  });
  return { experiment, run };
}

async function claim(run: string) {
  const row = await claimRun(store.database, run);
  return { run, attempt: row?.attempt ?? 0 };
}

function makeAnswer(parts: Partial<NewAnswer> = {}): NewAnswer {
  return {
    ...{ arm: 'arm-1', row: 1, repetition: 1, state: 'answered', text: '答え', citations: [], passages: null },
    ...{ usage: null, error: null, scores: { f1: 1 }, firstTokenMilliseconds: 5, totalMilliseconds: 10 },
    ...parts,
  };
}

describe('question sets', () => {
  it('keep their rows in order, and give them a page at a time', async () => {
    const { database } = store;
    const { id } = await makeSet(
      'many',
      Array.from({ length: 1_234 }, (_, place) => `q${place}`),
    );
    const page = await listQuestions(database, { workspace, questionSet: id, limit: 2 });
    expect(page.items.map(({ number, content }) => [number, content.id])).toEqual([
      [1, 'q0'],
      [2, 'q1'],
    ]);
    const next = await listQuestions(database, { workspace, questionSet: id, limit: 1, cursor: page.next ?? '' });
    expect(next.items.map(({ number }) => number)).toEqual([3]);
    const all = [];
    for await (const { number } of readQuestions(database, { workspace, questionSet: id })) all.push(number);
    expect(all).toEqual(Array.from({ length: 1_234 }, (_, place) => place + 1));
    await expect(readQuestionSet(database, { workspace: 'other', questionSet: id })).rejects.toMatchObject({
      code: 'question-set-unknown',
    });
  });

  it('are listed newest first, and deleted unless an experiment asked them', async () => {
    const { database } = store;
    const free = await makeSet('free', ['a']);
    const used = await makeSet('used', ['a']);
    await makeExperiment({ questionSet: used.id });
    const { items } = await listQuestionSets(database, { workspace, limit: 2 });
    expect(items.map(({ name }) => name)).toEqual(['used', 'free']);
    await expect(deleteQuestionSet(database, { workspace, questionSet: used.id })).rejects.toMatchObject({
      code: 'question-set-in-use',
      status: 409,
    });
    await deleteQuestionSet(database, { workspace, questionSet: free.id });
    const left = await selectRows(database, sql`select 1 from questions where question_set_id = ${free.id}`);
    expect(left).toEqual([]);
  });
});

describe('experiments', () => {
  it('tell how their run stands, and are found by each of their flows', async () => {
    const { database } = store;
    const second = (await insertFlow(database, { workspace, document: makeDocument('second') })).id;
    const { experiment, run } = await makeExperiment({ flows: [flow, second, second] });
    expect(await readExperiment(database, { workspace, experiment })).toMatchObject({ state: 'queued', made: 0 });
    const at = await claim(run);
    await keepAnswer(database, { workspace, experiment, ...at }, makeAnswer());
    await keepAnswer(database, { workspace, experiment, ...at }, makeAnswer({ arm: 'arm-2', state: 'failed' }));
    expect(await readExperimentOfRun(database, run)).toMatchObject({ state: 'running', made: 2, failed: 1 });
    const listed = await listExperiments(database, { workspace, flow: second });
    expect(listed.items.map(({ id, flows }) => [id, flows])).toEqual([[experiment, [flow, second]]]);
    expect((await listExperiments(database, { workspace: 'other' })).items).toEqual([]);
  });

  it('keep the form that a person fills in, and nobody else’s', async () => {
    const { database } = store;
    const { experiment } = await makeExperiment();
    await putExperimentForm(database, { workspace, experiment, form: { questionsPerMonth: 5 } });
    expect((await readExperiment(database, { workspace, experiment })).form).toEqual({ questionsPerMonth: 5 });
    const foreign = putExperimentForm(database, { workspace: 'other', experiment, form: {} });
    await expect(foreign).rejects.toMatchObject({ code: 'experiment-unknown' });
  });

  it('are deleted with their answers once they have ended, and stay longer than runs do', async () => {
    const { database } = store;
    const { experiment, run } = await makeExperiment();
    const at = await claim(run);
    await keepAnswer(database, { workspace, experiment, ...at }, makeAnswer());
    await expect(deleteExperiment(database, { workspace, experiment })).rejects.toMatchObject({
      code: 'experiment-under-way',
    });
    await finishRun(database, at, { state: 'succeeded' });
    // A day that has not come yet: every run is older.
    await deleteOldRuns(database, { retentionDays: -1 }, new AbortController().signal);
    expect(await readExperiment(database, { workspace, experiment })).toMatchObject({ state: 'succeeded' });
    await deleteExperiment(database, { workspace, experiment });
    expect(await listAnswers(database, experiment)).toEqual([]);
    await expect(readExperiment(database, { workspace, experiment })).rejects.toMatchObject({ status: 404 });
  });
});

describe('answers of an experiment', () => {
  it('are kept once each: what comes again changes nothing', async () => {
    const { database } = store;
    const { experiment, run } = await makeExperiment();
    const at = { workspace, experiment, ...(await claim(run)) };
    await keepAnswer(database, at, makeAnswer({ text: 'first\0' }));
    await keepAnswer(database, at, makeAnswer({ text: 'second' }));
    await keepAnswer(database, at, makeAnswer({ repetition: 2, text: 'other' }));
    expect((await listAnswers(database, experiment)).map(({ text }) => text)).toEqual(['first', 'other']);
    expect(await listAnswerKeys(database, experiment)).toHaveLength(2);
  });

  it('are written by the newest attempt only, and by nobody after the end', async () => {
    const { database } = store;
    const { experiment, run } = await makeExperiment();
    const frozen = { workspace, experiment, ...(await claim(run)) };
    const newest = { workspace, experiment, ...(await claim(run)) };
    const lost = { code: 'run-taken-over' };
    await expect(keepAnswer(database, frozen, makeAnswer())).rejects.toMatchObject(lost);
    await keepAnswer(database, newest, makeAnswer());
    const scored = [{ arm: 'arm-1', row: 1, repetition: 1, scores: { f1: 0 } }];
    await expect(addScores(database, frozen, scored)).rejects.toMatchObject(lost);
    await finishRun(database, newest, { state: 'succeeded' });
    await expect(keepAnswer(database, newest, makeAnswer({ row: 2 }))).rejects.toMatchObject(lost);
    expect((await listAnswers(database, experiment)).map(({ scores }) => scores)).toEqual([{ f1: 1 }]);
  });

  it('get further scores beside those that they have', async () => {
    const { database } = store;
    const { experiment, run } = await makeExperiment();
    const at = { workspace, experiment, ...(await claim(run)) };
    await keepAnswer(database, at, makeAnswer());
    await keepAnswer(database, at, makeAnswer({ arm: 'arm-2' }));
    const similarity = { similarity: 0.5, judged: { notApplicable: 'no-judge' } };
    await addScores(database, at, [{ arm: 'arm-2', row: 1, repetition: 1, scores: similarity }]);
    const measures = await listAnswerMeasures(database, experiment);
    expect(measures.map(({ scores, hasText, code }) => ({ scores, hasText, code }))).toEqual([
      { scores: { f1: 1 }, hasText: true, code: null },
      { scores: { f1: 1, ...similarity }, hasText: true, code: null },
    ]);
  });

  it('are compared by a judge once, and by each person as they last said', async () => {
    const { database } = store;
    const { experiment, run } = await makeExperiment();
    const at = { workspace, experiment, ...(await claim(run)) };
    const pair = { row: 1, first: 'arm-1', second: 'arm-2' };
    const said = { ...pair, swappedVerdict: 'first' as const, reasons: ['短い'], error: null };
    await keepJudgement(database, at, { ...said, verdict: 'first' });
    await keepJudgement(database, at, { ...said, verdict: 'tie' });
    expect((await listJudgements(database, experiment, [1])).map(({ verdict }) => verdict)).toEqual(['first']);
    const label = { workspace, experiment, ...pair };
    await putLabel(database, { ...label, caller: 'session' }, 'first');
    await putLabel(database, { ...label, caller: 'session' }, 'tie');
    await putLabel(database, { ...label, caller: 'local' }, 'second');
    await putLabel(database, { ...label, caller: 'local' }, null);
    expect((await listLabels(database, experiment)).map(({ caller, verdict }) => [caller, verdict])).toEqual([
      ['session', 'tie'],
    ]);
  });
});
