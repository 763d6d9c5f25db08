import { expect, test } from 'vitest';
import { emptyQuestion, pasteCells, readTypedQuestions } from './question-table.ts';

test('cells of a spreadsheet fill the table from the cell on, and lines are added for them', () => {
  const pasted = pasteCells(
    [emptyQuestion],
    { row: 0, column: 'question' },
    'いつ？\t朝です。\r\nどこ？\t東京\tplaces.md\t場所\t余り\r\n',
  );
  expect(pasted).toEqual([
    { ...emptyQuestion, question: 'いつ？', reference: '朝です。' },
    { ...emptyQuestion, question: 'どこ？', reference: '東京', document: 'places.md', topic: '場所' },
  ]);
  const rows = [{ ...emptyQuestion, question: 'いつ？' }];
  expect(pasteCells(rows, { row: 0, column: 'document' }, 'a.md\tA\nb.md\tB')).toEqual([
    { ...emptyQuestion, question: 'いつ？', document: 'a.md', topic: 'A' },
    { ...emptyQuestion, document: 'b.md', topic: 'B' },
  ]);
});

test('a single cell is left to the field', () => {
  expect(pasteCells([emptyQuestion], { row: 0, column: 'question' }, 'いつ？')).toBeNull();
});

test('lines without a question are not sent; questions on one document belong together', () => {
  const rows = [
    emptyQuestion,
    { ...emptyQuestion, question: ' いつ？ ', reference: '朝です。', document: 'a.md' },
    { ...emptyQuestion, question: '何色？', unanswerable: true },
  ];
  expect(readTypedQuestions(rows)).toEqual([
    {
      ...{ question: 'いつ？', references: ['朝です。'], passages: [{ document: 'a.md' }] },
      ...{ topic: null, cluster: 'a.md', answerable: true },
    },
    { question: '何色？', references: [], passages: [], topic: null, cluster: null, answerable: false },
  ]);
});
