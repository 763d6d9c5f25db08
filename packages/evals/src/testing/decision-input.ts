import type { Comparison, Difference } from '../comparison/comparison.ts';
import type { ArmFacts, DecisionInput, FormAnswers, Work } from '../decision/decision.ts';
import type { Interval } from '../statistics/interval.ts';

/** Nothing is asked for, and everything is answered. */
export const noConditions: FormAnswers = {
  factsChange: 'never',
  latencyLimit: { of: 'total', seconds: 3_600 },
  budget: { preparation: 1e9, monthly: 1e9 },
  questionsPerMonth: 1_000,
  prices: {
    currency: 'JPY',
    cpuHour: 10,
    gpuHour: 200,
    kilowattHour: 30,
    millionTokensIn: null,
    millionTokensOut: null,
  },
  smallestDifference: 0.05,
};

export const noWork: Work = { cpuSeconds: 0, gpuSeconds: 0, kilowattHours: 0 };

/** A prepared arm; its preparation runs on the GPU. */
export function makeFacts(arm: string, preparation: number, parts: Partial<ArmFacts> = {}): ArmFacts {
  return {
    arm,
    preparation: { ...noWork, seconds: preparation, gpuSeconds: preparation },
    newFacts: { kind: 'measured', seconds: 40, retrains: false, work: noWork, asked: 5, known: 5 },
    latency: { firstToken: { p50: 1, p95: 2, answers: 100 }, total: { p50: 4, p95: 8, answers: 100 } },
    perThousandAnswers: { ...noWork, gpuSeconds: 3_600, tokensIn: 1e6, tokensOut: 1e5 },
    ...parts,
  };
}

/** `arm` minus `against`, with its interval; shown where that leaves zero out, unless said otherwise. */
export type GivenDifference = readonly [
  arm: string,
  against: string,
  mean: number,
  low: number,
  high: number,
  parts?: Partial<Difference>,
];

export function makeComparison(arms: readonly string[], given: readonly GivenDifference[]): Comparison {
  const differences = given.map(([arm, against, mean, low, high, parts]): Difference => {
    const shown = low > 0 || high < 0;
    const interval: Interval = { kind: 'interval', low, high };
    return {
      ...{ arm, against, mean, interval, rows: 120, clusters: 60, means: { arm: 0.5 + mean, against: 0.5 } },
      ...{ test: { method: 'cluster-t', p: shown ? 0.001 : 0.4, adjusted: shown ? 0.006 : 1 }, shown },
      ...{ effect: { standardised: 0.3, better: 40, worse: 20, equal: 60 }, power: null, leftOut: [] },
      ...parts,
    };
  });
  const interval: Interval = { kind: 'interval', low: 0.4, high: 0.6 };
  const estimate = { mean: 0.5, median: 0.5, p95: 0.9, rows: 120, clusters: 60, interval };
  return {
    ...{ baseline: arms[0] ?? '', primary: 'quality', seed: 1, rows: 120, clusters: 60 },
    arms: arms.map((arm) => ({ arm, measured: 120, leftOut: [], asked: 120, failed: 0 })),
    metrics: [
      {
        metric: { id: 'quality', kind: 'score', unit: 'share', better: 'higher', range: [0, 1] },
        arms: arms.map((arm) => ({ arm, own: estimate, common: estimate, leftOut: [] })),
        ...{ differences, incomparable: [], topics: [] },
      },
    ],
  };
}

/** Two arms: `plain`, prepared in a minute, and `tuned`, prepared in an hour. */
export function makeInput(
  difference: readonly [mean: number, low: number, high: number, parts?: Partial<Difference>],
  parts: Partial<Omit<DecisionInput, 'answers'>> & { readonly answers?: Partial<FormAnswers> } = {},
): DecisionInput {
  return {
    comparison: makeComparison(['plain', 'tuned'], [['tuned', 'plain', ...difference]]),
    facts: [makeFacts('plain', 60), makeFacts('tuned', 3_600)],
    judge: null,
    ...parts,
    answers: { ...noConditions, ...parts.answers },
  };
}
