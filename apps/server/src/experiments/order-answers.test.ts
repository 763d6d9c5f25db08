import { describe, expect, it } from 'vitest';
import { orderAnswers } from './order-answers.ts';

const arms = [
  { key: 'base', models: 'one' },
  { key: 'retrieval', models: 'one' },
  { key: 'tuned', models: 'two' },
];
const rows = Array.from({ length: 100 }, (_, place) => place + 1);

describe('the order of answers', () => {
  it('has each arm, question and repetition exactly once', () => {
    const answers = orderAnswers({ arms, rows, repetitions: 2, seed: 7 }).flatMap((group) => group.answers);
    expect(answers).toHaveLength(600);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(600);
  });

  it('is the same for a seed, and another for another', () => {
    const draw = (seed: number) => JSON.stringify(orderAnswers({ arms, rows, repetitions: 1, seed }));
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).not.toBe(draw(8));
  });

  it('asks a block of questions of every arm before the next, and changes models as seldom as that allows', () => {
    const groups = orderAnswers({ arms, rows, repetitions: 1, seed: 7 });
    expect(groups).toHaveLength(16);
    for (let block = 0; block < groups.length; block += 2) {
      const pair = groups.slice(block, block + 2);
      expect(new Set(pair.map(({ models }) => models))).toEqual(new Set(['one', 'two']));
      const asked = pair.flatMap(({ answers }) => answers);
      for (const { key } of arms) {
        const questions = asked.filter(({ arm }) => arm === key).map(({ row }) => row);
        expect(new Set(questions)).toEqual(new Set(asked.map(({ row }) => row)));
      }
    }
  });

  it('does not give the same model the first place in every block', () => {
    const groups = orderAnswers({ arms, rows, repetitions: 1, seed: 7 });
    const first = groups.filter((_, place) => place % 2 === 0).map(({ models }) => models);
    expect(new Set(first).size).toBe(2);
  });
});
