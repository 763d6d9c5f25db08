import { describe, expect, it } from 'vitest';
import { makeFacts, makeInput, noWork } from '../testing/decision-input.ts';
import { decide } from './decide.ts';
import type { DecisionInput, WouldChange } from './decision.ts';

const plain = { kind: 'recommended', arm: 'plain' } as const;
const tuned = { kind: 'recommended', arm: 'tuned' } as const;

function find(input: DecisionInput, code: WouldChange['code']): WouldChange | undefined {
  return decide(input).wouldChange.find((change) => change.code === code);
}

/** `tuned` takes two days to learn. */
function makeSlowLearner(everyDays: number | null, difference: Parameters<typeof makeInput>[0] = [0.2, 0.1, 0.3]) {
  const newFacts = { kind: 'measured', seconds: 2 * 86_400, retrains: true, work: noWork, asked: 5, known: 5 } as const;
  const facts = [makeFacts('plain', 60), makeFacts('tuned', 3_600, { newFacts })];
  return makeInput(difference, { facts, answers: { factsChange: everyDays === null ? null : { everyDays } } });
}

describe('what would change the decision', () => {
  it('is how often facts change, at what the arms were measured to need', () => {
    expect(find(makeSlowLearner(null), 'facts-change-more-often')).toEqual({
      ...{ code: 'facts-change-more-often', everyDays: 2, outcome: plain },
    });
    expect(find(makeSlowLearner(7), 'facts-change-more-often')).toMatchObject({ everyDays: 2, outcome: plain });
    expect(find(makeSlowLearner(1), 'facts-change-less-often')).toMatchObject({ everyDays: 2, outcome: tuned });
  });

  it('is whether facts change at all, where an arm has no way in for them', () => {
    const facts = [makeFacts('plain', 60, { newFacts: { kind: 'no-way-in' } }), makeFacts('tuned', 3_600)];
    const equal = (everyDays: number | null) =>
      makeInput([0.01, -0.02, 0.04], { facts, answers: { factsChange: everyDays === null ? null : { everyDays } } });
    expect(decide(equal(null)).outcome).toEqual(plain);
    expect(find(equal(null), 'facts-change-more-often')).toMatchObject({ everyDays: 'at-all', outcome: tuned });
    expect(decide(equal(30)).outcome).toEqual(tuned);
    expect(find(equal(30), 'facts-change-less-often')).toMatchObject({ everyDays: 'never', outcome: plain });
  });

  it('is a latency that is tolerable no more, or one that would be', () => {
    const slow = { firstToken: null, total: { p50: 4, p95: 20, answers: 100 } };
    const facts = [makeFacts('plain', 60), makeFacts('tuned', 3_600, { latency: slow })];
    const limited = (seconds: number | null) =>
      makeInput([0.2, 0.1, 0.3], {
        facts,
        answers: { latencyLimit: seconds === null ? null : { of: 'total', seconds } },
      });
    expect(find(limited(null), 'latency-limit-lower')).toMatchObject({ of: 'total', seconds: 20, outcome: plain });
    expect(find(limited(10), 'latency-limit-higher')).toMatchObject({ of: 'total', seconds: 20, outcome: tuned });
    expect(find(limited(10), 'latency-limit-lower')).toMatchObject({ seconds: 8, outcome: { kind: 'no-arm-fits' } });
  });

  it('is a budget', () => {
    const limited = (preparation: number) =>
      makeInput([0.2, 0.1, 0.3], { answers: { budget: { preparation, monthly: null } } });
    expect(find(limited(500), 'budget-lower')).toMatchObject({ of: 'preparation', amount: 200, outcome: plain });
    expect(find(limited(100), 'budget-higher')).toMatchObject({ amount: 200, currency: 'JPY', outcome: tuned });
  });

  it('is what difference matters', () => {
    expect(find(makeInput([0.04, 0.01, 0.07]), 'smaller-differences-matter')).toMatchObject({
      smallest: 0.04,
      outcome: tuned,
    });
    expect(find(makeInput([0.06, 0.01, 0.11]), 'larger-differences-matter')).toMatchObject({
      smallest: 0.06,
      outcome: plain,
    });
    // What cannot be told at 5 points can be at more than 9.
    expect(find(makeInput([0.04, -0.01, 0.09]), 'larger-differences-matter')).toMatchObject({
      smallest: 0.09,
      outcome: plain,
    });
  });

  it('is nothing where one arm is better in everything', () => {
    const answers = { latencyLimit: null, budget: null, prices: null, factsChange: 'never' } as const;
    const decision = decide(makeInput([-0.4, -0.5, -0.3], { answers }));
    expect(decision.outcome).toEqual(plain);
    expect(decision.wouldChange.filter(({ outcome }) => outcome.kind === 'recommended')).toEqual([]);
  });

  it('always leads where it says', () => {
    const input = makeSlowLearner(7);
    for (const change of decide(input).wouldChange) expect(change.outcome).not.toEqual(decide(input).outcome);
  });
});
