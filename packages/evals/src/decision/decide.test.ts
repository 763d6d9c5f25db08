import { describe, expect, it } from 'vitest';
import { makeComparison, makeFacts, makeInput, noConditions, noWork } from '../testing/decision-input.ts';
import { decide } from './decide.ts';
import type { ArmFacts, DecisionInput, FormAnswers } from './decision.ts';

function listCodes(list: readonly { readonly code: string }[]): readonly string[] {
  return list.map(({ code }) => code);
}

/** `tuned` beats `plain` by 20 points, so that only a condition can turn the decision. */
function decideWith(answers: Partial<FormAnswers>, tuned: Partial<ArmFacts> = {}, plain: Partial<ArmFacts> = {}) {
  const facts = [makeFacts('plain', 60, plain), makeFacts('tuned', 3_600, tuned)];
  return decide(makeInput([0.2, 0.1, 0.3], { answers, facts }));
}

describe('E1 to E8: arms that are not considered', () => {
  it('E1: one without a value of the metric that decides', () => {
    const input = makeInput([0.2, 0.1, 0.3]);
    const [metric] = input.comparison.metrics;
    if (metric === undefined) throw new Error('There is one metric.');
    const arms = metric.arms.map((arm) => (arm.arm === 'tuned' ? { ...arm, own: null } : arm));
    const decision = decide({ ...input, comparison: { ...input.comparison, metrics: [{ ...metric, arms }] } });
    expect(decision.excluded).toEqual([{ arm: 'tuned', code: 'not-measured' }]);
    expect(decision.outcome).toEqual({ kind: 'not-enough-evidence', between: ['plain'] });
    expect(decision.reasons).toEqual([{ code: 'single-arm', arm: 'plain' }]);
  });

  it('E1: where none has a value nothing is said of conditions', () => {
    const input = makeInput([0.2, 0.1, 0.3]);
    const decision = decide({ ...input, comparison: { ...input.comparison, metrics: [] } });
    expect(decision.outcome).toEqual({ kind: 'not-enough-evidence', between: ['plain', 'tuned'] });
    expect(decision.reasons).toEqual([]);
  });

  it('E2: one that failed in more than 5% of its answers', () => {
    const fail = (failed: number) => {
      const input = makeInput([0.2, 0.1, 0.3]);
      const arms = input.comparison.arms.map((arm) => (arm.arm === 'tuned' ? { ...arm, failed } : arm));
      return decide({ ...input, comparison: { ...input.comparison, arms } });
    };
    expect(fail(6).excluded).toEqual([]);
    expect(fail(7).excluded).toEqual([{ arm: 'tuned', code: 'fails-often', failed: 7, asked: 120, limit: 0.05 }]);
  });

  it('E3: one whose slowest twentieth is over the limit, for the whole answer or its first token', () => {
    const latency = { firstToken: { p50: 1, p95: 3, answers: 100 }, total: { p50: 4, p95: 9, answers: 100 } };
    expect(decideWith({ latencyLimit: { of: 'total', seconds: 8.5 } }, { latency })).toMatchObject({
      outcome: { kind: 'recommended', arm: 'plain' },
      excluded: [{ arm: 'tuned', code: 'too-slow', of: 'total', p95: 9, limit: 8.5 }],
    });
    expect(decideWith({ latencyLimit: { of: 'firstToken', seconds: 2.5 } }, { latency }).excluded).toMatchObject([
      { arm: 'tuned', of: 'firstToken', p95: 3 },
    ]);
    expect(decideWith({ latencyLimit: { of: 'total', seconds: 9 } }, { latency }).excluded).toEqual([]);
  });

  it('E3 needs 20 answers, and says so where there are fewer', () => {
    const latency = { firstToken: null, total: { p50: 4, p95: 9, answers: 19 } };
    const decision = decideWith({ latencyLimit: { of: 'total', seconds: 8.5 } }, { latency });
    expect(decision.excluded).toEqual([]);
    expect(decision.missing).toContainEqual({ code: 'latency-not-measured', arm: 'tuned', answers: 19, needed: 20 });
  });

  it('E4: one whose preparation is over budget', () => {
    // An hour of GPU for 200 yen.
    const decision = decideWith({ budget: { preparation: 150, monthly: null } });
    expect(decision.excluded).toEqual([
      { arm: 'tuned', code: 'preparation-over-budget', cost: 200, limit: 150, currency: 'JPY' },
    ]);
    expect(decideWith({ budget: { preparation: 200, monthly: null } }).excluded).toEqual([]);
  });

  it('E5: one that costs more a month than there is, retraining for new facts included', () => {
    const budget = { preparation: null, monthly: 300 };
    expect(decideWith({ budget }).excluded).toEqual([]);
    const work = { ...noWork, gpuSeconds: 3_600 };
    const newFacts = { kind: 'measured', seconds: 3_600, retrains: true, work, asked: 5, known: 5 } as const;
    // 200 for 1,000 answers, and four times 200 for retraining.
    const decision = decideWith({ budget, factsChange: { everyDays: 7.6 } }, { newFacts });
    expect(decision.excluded).toEqual([
      { arm: 'tuned', code: 'running-over-budget', cost: expect.closeTo(1_000, 9), limit: 300, currency: 'JPY' },
    ]);
  });

  it('E6: one without a way in for facts, where facts change', () => {
    const newFacts = { kind: 'no-way-in' } as const;
    expect(decideWith({ factsChange: { everyDays: 365 } }, { newFacts }).excluded).toEqual([
      { arm: 'tuned', code: 'no-way-in-for-facts', everyDays: 365 },
    ]);
    expect(decideWith({ factsChange: 'never' }, { newFacts }).excluded).toEqual([]);
  });

  it('E7: one that takes longer to take in a fact than the fact lasts', () => {
    const newFacts = {
      kind: 'measured',
      seconds: 2 * 86_400,
      retrains: true,
      work: noWork,
      asked: 5,
      known: 5,
    } as const;
    expect(decideWith({ factsChange: { everyDays: 1 } }, { newFacts })).toMatchObject({
      outcome: { kind: 'recommended', arm: 'plain' },
      excluded: [{ arm: 'tuned', code: 'facts-change-faster', seconds: 172_800, everyDays: 1, retrains: true }],
    });
    expect(decideWith({ factsChange: { everyDays: 2 } }, { newFacts }).excluded).toEqual([]);
  });

  it.each([
    [0, 5, true],
    [1, 5, false],
    [0, 4, false],
    [5, 20, true],
    [6, 20, false],
  ])('E8: one that surely knows less than half of the added facts: %d of %d, %s', (known, asked, excluded) => {
    const newFacts = { kind: 'measured', seconds: 40, retrains: false, work: noWork, asked, known } as const;
    const decision = decideWith({ factsChange: { everyDays: 7 } }, { newFacts });
    expect(decision.excluded).toEqual(excluded ? [{ arm: 'tuned', code: 'does-not-learn-facts', known, asked }] : []);
    expect(decideWith({ factsChange: 'never' }, { newFacts }).excluded).toEqual([]);
  });

  it('are all listed, with everything that they break', () => {
    const decision = decideWith({
      latencyLimit: { of: 'total', seconds: 1 },
      budget: { preparation: 1, monthly: null },
    });
    expect(decision.outcome).toEqual({ kind: 'no-arm-fits' });
    expect(decision.excluded.map(({ arm, code }) => `${arm} ${code}`)).toEqual([
      'plain too-slow',
      'plain preparation-over-budget',
      'tuned too-slow',
      'tuned preparation-over-budget',
    ]);
  });
});

describe('C1 to C6: the choice among those that remain', () => {
  it('C1: the only one left is recommended, unless it is the only one that was measured', () => {
    const decision = decideWith({ factsChange: { everyDays: 7 } }, { newFacts: { kind: 'no-way-in' } });
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'plain' });
    expect(listCodes(decision.reasons)).toEqual(['takes-in-facts-in-time', 'only-arm-left']);

    const alone: DecisionInput = {
      comparison: makeComparison(['plain'], []),
      ...{ facts: [makeFacts('plain', 60)], judge: null, answers: noConditions },
    };
    expect(decide(alone)).toMatchObject({
      outcome: { kind: 'not-enough-evidence', between: ['plain'] },
      reasons: [{ code: 'single-arm' }],
    });
  });

  it('C2: a judge that disagrees with people decides nothing', () => {
    const judge = { kappa: 0.39, labels: 40 };
    expect(decide(makeInput([0.2, 0.1, 0.3], { judge }))).toMatchObject({
      outcome: { kind: 'not-enough-evidence', between: ['plain', 'tuned'] },
      reasons: [{ code: 'judge-disagrees-with-people', kappa: 0.39, needed: 0.4 }],
    });
    const agreeing = makeInput([0.2, 0.1, 0.3], { judge: { kappa: 0.4, labels: 40 } });
    expect(decide(agreeing).outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });

  it('C2 needs 30 labels, and says so where there are fewer', () => {
    const decision = decide(makeInput([0.2, 0.1, 0.3], { judge: { kappa: 0.1, labels: 29 } }));
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
    expect(decision.missing).toContainEqual({ code: 'human-labels', labels: 29, needed: 30 });
  });

  it('C3: the dearer arm, where it is shown to be better by as much as matters', () => {
    expect(decide(makeInput([0.05, 0.01, 0.09]))).toMatchObject({
      outcome: { kind: 'recommended', arm: 'tuned' },
      reasons: [{ code: 'better', arm: 'tuned', against: 'plain', gain: 0.05, low: 0.01, high: 0.09 }],
    });
  });

  it('C4: the cheaper arm, where the dearer one is better by less than matters', () => {
    expect(decide(makeInput([0.04, 0.01, 0.07]))).toMatchObject({
      outcome: { kind: 'recommended', arm: 'plain' },
      reasons: [
        { code: 'gain-below-what-matters', arm: 'tuned', gain: 0.04, low: 0.01, high: 0.07, smallest: 0.05, times: 60 },
        { code: 'cheapest-to-prepare', arm: 'plain', seconds: 60 },
      ],
    });
  });

  it('C4: the cheaper arm, where whatever the dearer one brings is less than matters', () => {
    const decision = decide(makeInput([0.01, -0.02, 0.049]));
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'plain' });
    expect(listCodes(decision.reasons)).toEqual(['no-gain-that-matters', 'cheapest-to-prepare']);
  });

  it('C4: the cheaper arm, where it is the better one too', () => {
    const decision = decide(makeInput([-0.1, -0.15, -0.05]));
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'plain' });
    expect(decision.reasons).toEqual([
      { code: 'better', arm: 'plain', against: 'tuned', gain: 0.1, low: 0.05, high: 0.15 },
    ]);
  });

  it('C5: none, where the interval holds both zero and what matters', () => {
    const power = { power: 0.8, level: 0.05, rows: 120, clusters: 60, visible: 0.09, wanted: 0.05, neededRows: 389 };
    const decision = decide(makeInput([0.04, -0.01, 0.09, { power: { ...power, neededClusters: 195 } }]));
    expect(decision.outcome).toEqual({ kind: 'not-enough-evidence', between: ['plain', 'tuned'] });
    expect(decision.reasons).toMatchObject([{ code: 'cannot-tell', arm: 'tuned', neededRows: 389 }]);
    // The power note was asked about 5 points, and says nothing of 3.
    const answers = { smallestDifference: 0.03 };
    const other = makeInput([0.04, -0.01, 0.09, { power: { ...power, neededClusters: 195 } }], { answers });
    expect(decide(other).reasons).toMatchObject([{ code: 'cannot-tell', neededRows: null }]);
  });

  it('C5: none, where the interval leaves zero out but Holm does not', () => {
    const decision = decide(makeInput([0.1, 0.01, 0.19, { shown: false }]));
    expect(decision.outcome.kind).toBe('not-enough-evidence');
  });

  it('C5: none, where there is no interval or no common question', () => {
    const interval = { kind: 'too-few-clusters', clusters: 9, needed: 15 } as const;
    expect(decide(makeInput([0.4, 0, 0, { interval, shown: false }]))).toMatchObject({
      outcome: { kind: 'not-enough-evidence' },
      reasons: [{ code: 'no-interval', why: { kind: 'too-few-clusters', clusters: 9 } }],
    });
    const comparison = makeComparison(['plain', 'tuned'], []);
    expect(decide(makeInput([0, 0, 0], { comparison })).reasons).toMatchObject([
      { code: 'no-interval', why: { kind: 'no-common-rows' } },
    ]);
  });

  it('C6: none, where it is not measured which is cheaper, and that would decide', () => {
    const facts = [makeFacts('plain', 60), makeFacts('tuned', 3_600, { preparation: null })];
    expect(decide(makeInput([0.01, -0.02, 0.04], { facts }))).toMatchObject({
      outcome: { kind: 'not-enough-evidence', between: ['plain', 'tuned'] },
      reasons: [{ code: 'preparation-not-measured', arm: 'tuned' }],
    });
    expect(decide(makeInput([0.2, 0.1, 0.3], { facts })).outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });
});

describe('the order of cost', () => {
  it('goes by price where all have one, and else by time', () => {
    const facts = [
      makeFacts('plain', 60, { preparation: { ...noWork, seconds: 60, gpuSeconds: 36_000 } }),
      makeFacts('tuned', 3_600),
    ];
    const equal = makeInput([0.01, -0.02, 0.04], { facts });
    expect(decide(equal).outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
    const unpriced = { ...equal, answers: { ...equal.answers, prices: null } };
    expect(decide(unpriced).outcome).toEqual({ kind: 'recommended', arm: 'plain' });
  });

  it('lets any shown gain win where it costs nothing more', () => {
    const facts = [makeFacts('plain', 60), makeFacts('tuned', 60)];
    expect(decide(makeInput([0.02, 0.01, 0.03], { facts })).outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });

  it('prefers the quicker of two that are equal in quality and preparation', () => {
    const quick = { firstToken: null, total: { p50: 1, p95: 2, answers: 100 } };
    const facts = [makeFacts('plain', 60), makeFacts('tuned', 60, { latency: quick })];
    expect(decide(makeInput([0.01, -0.02, 0.04], { facts })).outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });
});

describe('four arms', () => {
  const arms = ['base', 'rag', 'tuned', 'both'];
  const facts = [makeFacts('base', 0), makeFacts('rag', 60), makeFacts('tuned', 3_600), makeFacts('both', 3_700)];
  const decideAmong = (differences: Parameters<typeof makeComparison>[1], answers: Partial<FormAnswers> = {}) =>
    decide({
      comparison: makeComparison(arms, differences),
      facts,
      judge: null,
      answers: { ...noConditions, ...answers },
    });

  it('leave the cheapest that nothing beats by what matters', () => {
    const decision = decideAmong([
      ['rag', 'base', 0.3, 0.25, 0.35],
      ['tuned', 'base', 0.2, 0.15, 0.25],
      ['both', 'base', 0.34, 0.29, 0.39],
      ['tuned', 'rag', -0.1, -0.15, -0.05],
      ['both', 'rag', 0.04, 0.01, 0.07],
      ['both', 'tuned', 0.14, 0.1, 0.18],
    ]);
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'rag' });
    expect(listCodes(decision.reasons)).toEqual(['better', 'better', 'gain-below-what-matters', 'cheapest-to-prepare']);
  });

  it('are not decided by an arm that falls short of the best by little, if it is not shown better than a cheaper one', () => {
    // Steps of 4 points: none matters, and only that of 8 is shown.
    const decision = decideAmong([
      ['rag', 'base', 0.04, -0.01, 0.09],
      ['tuned', 'base', 0.08, 0.03, 0.13],
      ['both', 'base', 0.08, 0.03, 0.13],
      ['tuned', 'rag', 0.03, 0.01, 0.045],
      ['both', 'rag', 0.03, 0.01, 0.045],
      ['both', 'tuned', 0, -0.04, 0.04],
    ]);
    // RAG lies within 5 points of the tuned ones, but is not shown to be better than the base model, which does not.
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });

  it('are not decided between those that a wide interval leaves open, and the others are named no more', () => {
    const decision = decideAmong([
      ['rag', 'base', 0.3, 0.25, 0.35],
      ['tuned', 'base', 0.2, 0.15, 0.25],
      ['both', 'base', 0.34, 0.29, 0.39],
      ['tuned', 'rag', -0.1, -0.15, -0.05],
      ['both', 'rag', 0.04, -0.02, 0.1],
      ['both', 'tuned', 0.14, 0.1, 0.18],
    ]);
    expect(decision.outcome).toEqual({ kind: 'not-enough-evidence', between: ['rag', 'both'] });
  });
});

describe('what is missing', () => {
  it('names every question of the form that was not answered, and what was taken instead', () => {
    const answers: FormAnswers = {
      ...{ factsChange: null, latencyLimit: null, budget: null, questionsPerMonth: null, prices: null },
      smallestDifference: null,
    };
    const decision = decide(makeInput([0.06, 0.02, 0.1], { answers }));
    expect(decision.missing).toEqual([
      { code: 'facts-change' },
      { code: 'latency-limit' },
      { code: 'budget' },
      { code: 'smallest-difference', taken: 0.05 },
    ]);
    expect(decision.outcome).toEqual({ kind: 'recommended', arm: 'tuned' });
  });

  it('names prices of what was used, the count of questions, and what was not measured', () => {
    const prices = {
      currency: 'JPY',
      cpuHour: 10,
      gpuHour: null,
      kilowattHour: 30,
      millionTokensIn: null,
      millionTokensOut: null,
    };
    const answers = { prices, questionsPerMonth: null, budget: { preparation: null, monthly: 100 } };
    expect(decideWith(answers).missing).toEqual([{ code: 'questions-per-month' }, { code: 'prices', of: ['gpuHour'] }]);
    const unmeasured = decideWith(
      { factsChange: { everyDays: 7 } },
      { newFacts: null, perThousandAnswers: null, latency: { firstToken: null, total: null } },
    );
    expect(unmeasured.missing.map(({ code }) => code)).toEqual([
      'latency-not-measured',
      'new-facts-not-measured',
      'resources-not-measured',
    ]);
  });

  it('is nothing where all was answered and measured', () => {
    expect(decideWith({}).missing).toEqual([]);
  });
});
