import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../database/open-store.ts';
import { keepAnswer, keepJudgement, listAnswers, listJudgements } from '../queries/experiment-answers.ts';
import { insertExperiment } from '../queries/experiments.ts';
import { insertFlow } from '../queries/flows.ts';
import { insertQuestionSet, listQuestions, readQuestionSet } from '../queries/question-sets.ts';
import { claimRun, insertQueuedRuns } from '../queries/runs.ts';
import { openTestDatabase } from '../testing/open-test-database.ts';
import { makeDocument, workspace } from '../testing/samples.ts';
import { redactExperimentsOfDocument, redactExperimentsOfSubject } from './redact-experiments.ts';

const secretHash = 'a'.repeat(64);
const secret = '金庫の番号は四七一一です';
let store: Store;
let reading: string;
let stranger: string;
beforeEach(async () => {
  store = await openTestDatabase();
  reading = (await insertFlow(store.database, { workspace, document: makeDocument('reading') })).id;
  stranger = (await insertFlow(store.database, { workspace, document: makeDocument('stranger') })).id;
});
afterEach(() => store.close());

type Row = { readonly reference: string; readonly sourceHash?: string; readonly subject?: string };

/** An experiment of one arm, which answered each question with its reference. */
async function measure(flow: string, rows: readonly Row[]) {
  const { database } = store;
  const none = { withReference: 0, withPassages: 0, unanswerable: 0, topics: 0 };
  const found = [{ code: 'row-duplicate', count: 1, places: [{ question: secret }] }];
  const { id: questionSet } = await insertQuestionSet(database, {
    ...{ workspace, name: 'questions', sha256: 'c'.repeat(64), source: 'file' },
    counts: { rows: rows.length, clusters: 1, ...none },
    findings: found,
    questions: rows.map(({ reference, sourceHash = null, subject = null }, place) => ({
      ...{ sourceHash, subject },
      content: {
        ...{ id: `q${place}`, question: 'なに？', references: [reference], passages: [], topic: '金庫' },
        ...{ cluster: 'secret.txt', answerable: true, inputs: {} },
      },
    })),
  });
  const [run = ''] = await insertQueuedRuns(database, [{ workspace, kind: 'experiment', flow, version: 1 }]);
  const experiment = await insertExperiment(database, {
    ...{ workspace, run, questionSet, name: 'experiment', seed: 1, repetitions: 1, planned: rows.length },
    ...{ flows: [flow], settings: {}, arms: [], findings: {} },
  });
  const at = { workspace, experiment, run, attempt: (await claimRun(database, run))?.attempt ?? 0 };
  for (const [place, { reference }] of rows.entries()) {
    await keepAnswer(database, at, {
      ...{ arm: 'arm-1', row: place + 1, repetition: 1, state: 'answered', text: reference, citations: [] },
      passages: [{ documentId: 'load/other.txt', documentName: 'other.txt', text: 'ほか' }],
      ...{ usage: null, error: null, scores: { f1: 1 }, firstTokenMilliseconds: null, totalMilliseconds: 9 },
    });
    const pair = { row: place + 1, first: 'arm-1', second: 'arm-2' };
    const said = { verdict: 'first' as const, swappedVerdict: 'tie' as const, reasons: [reference], error: null };
    await keepJudgement(database, at, { ...pair, ...said });
  }
  return { experiment, questionSet };
}

const forgetDocument = () =>
  redactExperimentsOfDocument(store.database, {
    workspace,
    target: { kind: 'document', contentHashes: [secretHash], documents: [], flows: [reading], quotes: [secret] },
  });

describe('forgetting in experiments', () => {
  it('takes a document’s questions and what was answered to them, and leaves what was measured', async () => {
    const { database } = store;
    const { experiment, questionSet } = await measure(reading, [
      { reference: 'ひみつ', sourceHash: secretHash },
      { reference: secret },
      { reference: 'ほかの答え' },
    ]);
    await forgetDocument();
    const { items } = await listQuestions(database, { workspace, questionSet });
    expect(items.map(({ content, redactedAt }) => [content.question, content.references, redactedAt !== null])).toEqual(
      [
        ['', [], true],
        ['', [], true],
        ['なに？', ['ほかの答え'], false],
      ],
    );
    expect(items.map(({ content }) => content.topic)).toEqual(['金庫', '金庫', '金庫']);
    expect(items[0]?.content.cluster).toBe(items[1]?.content.cluster);
    expect(items[0]?.content.cluster).not.toContain('secret');
    const answers = await listAnswers(database, experiment);
    expect(
      answers.map(({ text, passages, scores, totalMilliseconds }) => ({ text, passages, scores, totalMilliseconds })),
    ).toEqual([
      { text: null, passages: [], scores: { f1: 1 }, totalMilliseconds: 9 },
      { text: null, passages: [], scores: { f1: 1 }, totalMilliseconds: 9 },
      expect.objectContaining({ text: 'ほかの答え', scores: { f1: 1 } }),
    ]);
    const judgements = await listJudgements(database, experiment);
    expect(judgements.map(({ reasons, verdict }) => [reasons, verdict])).toEqual([
      [[], 'first'],
      [[], 'first'],
      [['ほかの答え'], 'first'],
    ]);
    const set = await readQuestionSet(database, { workspace, questionSet });
    expect(set.redactedAt).not.toBeNull();
    expect(set.findings).toEqual([{ code: 'row-duplicate', count: 1, places: [] }]);
  });

  it('takes sentences of it only where a flow was measured that reads it', async () => {
    const { experiment, questionSet } = await measure(stranger, [{ reference: secret }]);
    await forgetDocument();
    expect((await listAnswers(store.database, experiment))[0]?.text).toBe(secret);
    expect((await readQuestionSet(store.database, { workspace, questionSet })).redactedAt).toBeNull();
  });

  it('takes a person’s questions with their answers', async () => {
    const { experiment, questionSet } = await measure(stranger, [
      { reference: 'わたしの答え', subject: 'hanako' },
      { reference: 'ほかの答え', subject: 'taro' },
    ]);
    await redactExperimentsOfSubject(store.database, { workspace, target: { kind: 'subject', subject: 'hanako' } });
    expect((await listAnswers(store.database, experiment)).map(({ text }) => text)).toEqual([null, 'ほかの答え']);
    const { items } = await listQuestions(store.database, { workspace, questionSet });
    expect(items.map(({ content, subject }) => [content.question, subject])).toEqual([
      ['', null],
      ['なに？', 'taro'],
    ]);
  });
});
