import { expect, test } from 'vitest';
import { type ChosenArm, chooseArms, emptyDraft, listSharedInputs, readDraft } from './experiment-draft.ts';

const arm = (output: string, changes: Partial<ChosenArm> = {}): ChosenArm => ({
  ...{ flow: 'f', flowName: 'Help', version: 2, build: 4, output, name: output, inputs: ['question'] },
  ...changes,
});

test('nothing can be sent without arms or without questions', () => {
  expect(readDraft({ ...emptyDraft, questionSet: 'set' }, 'x')).toBeNull();
  expect(readDraft({ ...emptyDraft, arms: [arm('base')] }, 'x')).toBeNull();
});

test('what was left empty gets what stands in its place; a seed is sent only where one was typed', () => {
  const draft = { ...emptyDraft, arms: [arm('base', { name: ' ' }), arm('RAG')], questionSet: 'set', repetitions: '' };
  const settings = readDraft(draft, 'Help · set');
  expect(settings).toMatchObject({ name: 'Help · set', repetitions: 1, retrievedPassages: 5, input: 'question' });
  expect(settings?.arms.map(({ name }) => name)).toEqual(['base', 'RAG']);
  expect(settings).not.toHaveProperty('seed');
  expect(readDraft({ ...draft, seed: 7 }, '')?.seed).toBe(7);
});

test('the baseline stays the same arm while others come and go, and falls back to the first', () => {
  const draft = { ...emptyDraft, arms: [arm('base'), arm('RAG'), arm('tuned')], baseline: 1 };
  expect(chooseArms(draft, [arm('RAG'), arm('tuned')]).baseline).toBe(0);
  expect(chooseArms(draft, [arm('tuned'), arm('base'), arm('RAG')]).baseline).toBe(2);
  expect(chooseArms(draft, [arm('base'), arm('tuned')]).baseline).toBe(0);
});

test('new facts are measured where they are told, asked about, and would be added to a collection', () => {
  const ready = { ...emptyDraft, arms: [arm('base')], questionSet: 'set' };
  const fact = { text: '傘は黒です。', question: '傘は何色？', reference: '黒' };
  const facts = [fact, { ...fact, reference: ' ' }];
  expect(readDraft({ ...ready, probe: { collection: null, facts, retrain: false } }, '')?.probe).toBeNull();
  expect(readDraft({ ...ready, probe: { collection: 'c', facts: [], retrain: false } }, '')?.probe).toBeNull();
  expect(readDraft({ ...ready, probe: { collection: 'c', facts, retrain: true } }, '')?.probe).toEqual({
    collection: 'c',
    documents: [{ name: 'new-fact-1.md', text: '傘は黒です。' }],
    questions: [{ question: '傘は何色？', reference: '黒' }],
    retrain: true,
  });
});

test('the question goes to an input that all flows have', () => {
  const arms = [arm('a', { inputs: ['customer', 'question'] }), arm('b', { flow: 'g', inputs: ['question'] })];
  expect(listSharedInputs({ arms })).toEqual(['question']);
  expect(readDraft({ ...emptyDraft, arms, questionSet: 'set', input: 'customer' }, '')?.input).toBe('question');
});
