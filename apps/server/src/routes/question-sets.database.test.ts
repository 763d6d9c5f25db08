import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestWorkbench, type TestWorkbench } from '../testing/open-test-workbench.ts';
import { drawPassThrough } from '../testing/sample-flows.ts';

let test: TestWorkbench;
beforeEach(async () => {
  test = await openTestWorkbench();
});
afterEach(() => test.close());

const freeze = (source: object) => test.call('POST', '/api/question-sets', { name: '質問', source });
const listQuestions = async (id: string) => (await test.call('GET', `/api/question-sets/${id}/questions`)).body.items;

async function upload(name: string, text: string): Promise<string> {
  const body = new FormData();
  body.append('file', new File([text], name));
  const answer = await test.fetch('/api/files', { method: 'POST', body });
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

describe('a question set', () => {
  it('lists every row that cannot be asked with its line and the reason, and freezes the rest', async () => {
    const rows = [
      { question: '送料は？', reference: '500 円' },
      { question: '送料は?', reference: '五百円' },
      { question: '  ' },
      { reference: '質問のない行' },
      'ただの文',
      { question: '長い', inputs: { text: 'あ'.repeat(400_000) } },
      { question: '参照のない質問' },
      { question: '文書にない質問', answerable: false },
    ];
    const { status, body } = await freeze({ kind: 'rows', rows });
    expect(status).toBe(201);
    expect(body.counts).toEqual({
      ...{ rows: 3, clusters: 3, withReference: 1, withPassages: 0, unanswerable: 1, topics: 0 },
    });
    const found = body.findings.map(
      ({
        code,
        leftOut,
        count,
        places,
      }: {
        code: string;
        leftOut: boolean;
        count: number;
        places: { line: number }[];
      }) => [...[code, leftOut, count], places.map(({ line }) => line)],
    );
    expect(found).toEqual([
      ['row-duplicate', true, 1, [2]],
      ['question-missing', true, 2, [3, 4]],
      ['row-unreadable', true, 1, [5]],
      ['row-too-long', true, 1, [6]],
      ['reference-missing', false, 1, [7]],
    ]);
  });

  it('is refused where no row can be asked, with the reasons', async () => {
    expect((await freeze({ kind: 'rows', rows: [] })).body).toMatchObject({ status: 422, code: 'questions-none' });
    const { body } = await freeze({ kind: 'rows', rows: [{ question: '' }] });
    expect(body.texts.ja).toContain('質問がないため、行を除きました。（1 件、最初は 1 行目）');
  });

  it('is what its hash says, whatever order the fields came in', async () => {
    const row = {
      question: '送料は？',
      passages: [{ text: '送料は 500 円', document: 'fees.md' }],
      inputs: { b: 1, a: { d: 2, c: 3 } },
    };
    const turned = {
      inputs: { a: { c: 3, d: 2 }, b: 1 },
      passages: [{ document: 'fees.md', text: '送料は 500 円' }],
      question: '送料は？',
    };
    const [one, other] = [await freeze({ kind: 'rows', rows: [row] }), await freeze({ kind: 'rows', rows: [turned] })];
    expect(one.body.sha256).toBe(other.body.sha256);
    const file = await (await test.fetch(`/api/question-sets/${one.body.id}/file`)).text();
    expect(createHash('sha256').update(file).digest('hex')).toBe(one.body.sha256);
    expect(JSON.parse(file)).toMatchObject({ ...row, cluster: 'fees.md' });
  });

  it('comes from CSV by the usual names of columns, with lines that a person finds', async () => {
    const csv =
      '番号,質問,模範解答,出典,分野,回答可能\nq1,送料は？,500 円,fees.md,料金,はい\n,,,,料金,\nq3,社長の年齢は？,,,,いいえ\n';
    const { body } = await freeze({ kind: 'file', file: await upload('questions.csv', csv) });
    expect(body.findings).toMatchObject([
      { code: 'question-missing', places: [{ document: 'questions.csv', line: 3 }] },
    ]);
    expect(await listQuestions(body.id)).toMatchObject([
      { id: 'q1', references: ['500 円'], passages: [{ document: 'fees.md' }], topic: '料金', cluster: 'fees.md' },
      { id: 'q3', answerable: false, references: [], cluster: '#2' },
    ]);
  });

  it('comes from JSON Lines, and tells which line is broken', async () => {
    const lines = '{"question": "a", "answers": ["1", "2"]}\n{"question": \n{"question": "c", "cluster": "x"}';
    const { body } = await freeze({ kind: 'file', file: await upload('questions.jsonl', lines) });
    expect(body.findings[0]).toMatchObject({ code: 'row-unreadable', count: 1, places: [{ line: 2 }] });
    expect(await listQuestions(body.id)).toMatchObject([
      { question: 'a', references: ['1', '2'], cluster: '#1' },
      { question: 'c', cluster: 'x' },
    ]);
  });

  it('comes from conversations: the first question of each, and its answer', async () => {
    const collection = (await test.call('POST', '/api/collections', { name: 'talks' })).body.id;
    const held = [
      {
        messages: [
          { role: 'user', content: '送料は？' },
          { role: 'assistant', content: '500 円です。' },
        ],
      },
      { messages: [{ role: 'user', content: 'もしもし' }] },
    ];
    const put = (name: string, body: string) =>
      test.fetch(`/api/collections/${collection}/files/${name}`, { method: 'PUT', body });
    await put('talks.jsonl', held.map((one) => JSON.stringify(one)).join('\n'));
    await put('broken.jsonl', 'これは会話ではありません');
    const { body } = await freeze({ kind: 'conversations', collection });
    expect(body.findings.map(({ code }: { code: string }) => code).toSorted()).toEqual([
      'document-unreadable',
      'row-unreadable',
    ]);
    const questions = await listQuestions(body.id);
    expect(questions).toMatchObject([{ question: '送料は？', references: ['500 円です。'] }]);
    expect(questions[0].cluster).toMatch(/^talks\.jsonl#/);
  });

  it('comes from what callers of an endpoint found good', async () => {
    const flow = (await test.call('POST', '/api/flows', { document: drawPassThrough() })).body.id;
    const { run } = (await test.call('POST', `/api/flows/${flow}/builds`, {})).body;
    await test.followRun(run);
    const routes = [{ flow, version: 1, build: 1, output: 'answer' }];
    expect((await test.call('POST', '/api/endpoints', { slug: 'desk', routes })).status).toBe(201);
    for (const [question, score] of [
      ['送料は？', 1],
      ['税込？', 0.2],
      ['返品は？', null],
    ] as const) {
      const asked = await test.call('POST', '/v1/endpoints/desk', { inputs: { question }, subject: 'hanako' });
      if (score !== null) await test.call('POST', `/v1/runs/${asked.body.run}/feedback`, { score });
    }
    const { body } = await freeze({ kind: 'feedback', endpoint: 'desk' });
    expect(await listQuestions(body.id)).toMatchObject([
      { question: '送料は？', references: ['送料は？'] },
      { question: '税込？', references: [] },
    ]);
    expect(body.findings).toMatchObject([{ code: 'reference-missing', leftOut: false, count: 1 }]);
    await test.call('POST', '/api/forget', { subject: 'hanako' });
    const { body: set } = await test.call('GET', `/api/question-sets/${body.id}`);
    expect(set.redacted).toBe(true);
    expect((await listQuestions(body.id)).map(({ question }: { question: string }) => question)).toEqual(['', '']);
  });

  it('is deleted', async () => {
    const { body } = await freeze({ kind: 'rows', rows: [{ question: 'a' }] });
    expect((await test.call('GET', '/api/question-sets')).body.items).toEqual([body]);
    expect((await test.call('DELETE', `/api/question-sets/${body.id}`)).status).toBe(204);
    expect((await test.call('GET', `/api/question-sets/${body.id}`)).body.code).toBe('question-set-unknown');
  });
});
