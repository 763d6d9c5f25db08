import { describe, expect, it } from 'vitest';
import type { MetricValue } from '../metrics/metric.ts';
import { compareArms } from './compare-arms.ts';
import type { ComparedMetric, Comparison, ComparisonInput, LeftOutReason, MeasuredAnswer } from './comparison.ts';

const quality: ComparedMetric = { id: 'quality', kind: 'score', unit: 'share', better: 'higher', range: [0, 1] };
const right: ComparedMetric = { id: 'right', kind: 'right-wrong', unit: 'share', better: 'higher', range: [0, 1] };
const refused: ComparedMetric = { ...right, id: 'refused', better: 'lower' };
const seconds: ComparedMetric = { id: 'seconds', kind: 'amount', unit: 'seconds', better: 'lower', range: [0, null] };

type Given = MetricValue | { readonly leftOut: LeftOutReason };

/** One answer for each value; 20 rows to a column, two to a cluster, unless said otherwise. */
function answer(arm: string, values: readonly Given[], options: { metric?: string; repetition?: number } = {}) {
  const { metric = 'quality', repetition = 0 } = options;
  return values.map((value, index): MeasuredAnswer => {
    const place = { row: `r${index}`, cluster: `c${Math.floor(index / 2)}`, topic: index < 4 ? 'price' : 'mail' };
    return {
      ...{ ...place, arm, repetition },
      outcome:
        typeof value === 'object' && 'leftOut' in value
          ? { kind: 'left-out', reason: value.leftOut }
          : { kind: 'measured', metrics: { [metric]: value } },
    };
  });
}

function compare(answers: readonly MeasuredAnswer[], parts: Partial<ComparisonInput> = {}): Comparison {
  const arms = [...new Set(answers.map(({ arm }) => arm))];
  return compareArms({
    ...{ answers, arms, baseline: arms[0] ?? '', metrics: [quality], primary: 'quality', seed: 1 },
    smallestDifference: 0.05,
    ...parts,
  });
}

/** Values around a mean that differ from cluster to cluster. */
function spread(count: number, mean: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => mean + 0.1 * Math.sin(index * 5 + mean * 40));
}

describe('the comparison of arms', () => {
  it('sets every pair side by side, those with the baseline first and from its view', () => {
    const comparison = compare(
      ['base', 'rag', 'tuned', 'both'].flatMap((arm, index) => answer(arm, spread(40, 0.3 + index / 10))),
      { baseline: 'rag' },
    );
    const pairs = comparison.metrics[0]?.differences.map(({ arm, against }) => `${arm} - ${against}`);
    expect(pairs).toEqual(['base - rag', 'tuned - rag', 'both - rag', 'tuned - base', 'both - base', 'both - tuned']);
  });

  it('measures differences over the rows that both arms have, and says which are left out and why', () => {
    const comparison = compare([
      ...answer('base', [0.2, 0.4, { leftOut: 'failed' }, 0.6]),
      ...answer('tuned', [0.4, { leftOut: 'overlaps-training' }, 0.9, 0.7]),
    ]);
    expect(comparison.metrics[0]?.differences[0]).toMatchObject({
      ...{ arm: 'tuned', against: 'base', rows: 2, clusters: 2 },
      mean: expect.closeTo(0.15, 12),
      means: { arm: expect.closeTo(0.55, 12), against: 0.4 },
      leftOut: [
        { arm: 'tuned', reason: 'overlaps-training', rows: 1 },
        { arm: 'base', reason: 'failed', rows: 1 },
      ],
    });
  });

  it('shows each arm over its own rows and over those that all have', () => {
    const comparison = compare([
      ...answer('base', [0, 1, 1]),
      ...answer('rag', [1, 1, { notApplicable: 'judge-unreadable' }]),
    ]);
    const [base, rag] = comparison.metrics[0]?.arms ?? [];
    expect(base?.own).toMatchObject({ mean: 2 / 3, rows: 3 });
    expect(base?.common).toMatchObject({ mean: 1 / 2, rows: 2 });
    expect(rag).toMatchObject({ own: { mean: 1 }, leftOut: [{ reason: 'judge-unreadable', rows: 1 }] });
  });

  it('has no value, and never 0, for a metric that does not apply to an arm, and goes on with the others', () => {
    const comparison = compare([
      ...answer('base', [{ notApplicable: 'no-retrieval' }, { notApplicable: 'no-retrieval' }]),
      ...answer('rag', [0.5, 0.7]),
      ...answer('both', [0.6, 0.8]),
    ]);
    const [metric] = comparison.metrics;
    expect(metric?.arms[0]).toEqual({
      ...{ arm: 'base', own: null, common: null },
      leftOut: [{ reason: 'no-retrieval', rows: 2 }],
    });
    expect(metric?.arms[1]?.common).toMatchObject({ rows: 2 });
    expect(metric?.incomparable).toEqual([
      { arm: 'rag', against: 'base' },
      { arm: 'both', against: 'base' },
    ]);
    expect(metric?.differences).toHaveLength(1);
  });

  it('counts a row once however often it was asked, and quantiles over all answers', () => {
    const comparison = compare([
      ...answer('base', [1, 0]),
      ...answer('base', [0, 0], { repetition: 1 }),
      ...answer('base', [{ leftOut: 'failed' }, 0.6], { repetition: 2 }),
    ]);
    expect(comparison.metrics[0]?.arms[0]?.own).toMatchObject({ mean: (0.5 + 0.2) / 2, rows: 2, median: 0 });
    expect(comparison.arms).toEqual([{ arm: 'base', measured: 2, leftOut: [], asked: 6, failed: 1 }]);
  });

  it('counts what was left out of an arm altogether', () => {
    const comparison = compare([
      ...answer('base', [1, 1, 1, 1]),
      ...answer('rag', [{ leftOut: 'failed' }, { leftOut: 'failed' }, { leftOut: 'row-too-large' }]),
    ]);
    expect(comparison.arms[1]).toEqual({
      ...{ arm: 'rag', measured: 0, asked: 2, failed: 2 },
      leftOut: [
        { reason: 'failed', rows: 2 },
        { reason: 'row-too-large', rows: 1 },
        { reason: 'not-asked', rows: 1 },
      ],
    });
    expect(comparison).toMatchObject({ rows: 4, clusters: 2 });
  });

  it('gives neither interval nor test below 15 clusters', () => {
    const few = compare([...answer('base', spread(28, 0.3)), ...answer('rag', spread(28, 0.8))]);
    expect(few.metrics[0]?.differences[0]).toMatchObject({
      ...{ interval: { kind: 'too-few-clusters', clusters: 14, needed: 15 }, test: null, shown: false, power: null },
    });
    const enough = compare([...answer('base', spread(30, 0.3)), ...answer('rag', spread(30, 0.8))]);
    expect(enough.metrics[0]?.differences[0]).toMatchObject({ interval: { kind: 'interval' }, shown: true });
  });

  it('tests scores by t, rights and wrongs by flipping signs, and amounts not at all', () => {
    const values = spread(40, 0.5);
    const comparison = compare(
      ['base', 'rag'].flatMap((arm) => [
        ...answer(arm, arm === 'rag' ? spread(40, 0.6) : values),
        ...answer(
          arm,
          values.map((value) => Number(value > (arm === 'rag' ? 0.45 : 0.55))),
          { metric: 'right', repetition: 1 },
        ),
        ...answer(arm, values, { metric: 'seconds', repetition: 2 }),
      ]),
      { metrics: [quality, right, seconds] },
    );
    const tests = comparison.metrics.map(({ differences }) => differences[0]?.test?.method ?? null);
    expect(tests).toEqual(['cluster-t', 'sign-flip-exact', null]);
  });

  it('gives an amount an interval on either side of zero', () => {
    const comparison = compare(
      [
        ...answer('base', spread(40, 0.5), { metric: 'seconds' }),
        ...answer('rag', spread(40, 0.2), { metric: 'seconds' }),
      ],
      { metrics: [seconds] },
    );
    const interval = comparison.metrics[0]?.differences[0]?.interval;
    expect(interval).toEqual({
      kind: 'interval',
      low: expect.closeTo(-0.33, 1),
      high: expect.closeTo(-0.27, 1),
    });
  });

  it('shows a difference that is the same in every row', () => {
    const comparison = compare([...answer('base', new Array(40).fill(0)), ...answer('rag', new Array(40).fill(1))]);
    expect(comparison.metrics[0]?.differences[0]).toMatchObject({
      interval: { kind: 'interval', low: expect.closeTo(2 * 0.05 ** (1 / 20) - 1, 12), high: 1 },
      test: { method: 'sign-flip-exact', p: 2 ** -19 },
      ...{ shown: true, power: null },
      effect: { standardised: null, better: 40, worse: 0, equal: 0 },
    });
  });

  it('takes the primary metric for a family of its own, and all others for another', () => {
    const answers = ['base', 'rag', 'both'].flatMap((arm, index) => [
      ...answer(arm, spread(40, 0.5 + index / 50)),
      ...answer(arm, spread(40, 0.5 + index / 50), { metric: 'again', repetition: 1 }),
      ...answer(arm, spread(40, 0.5 + index / 50), { metric: 'once more', repetition: 2 }),
    ]);
    const metrics = ['quality', 'again', 'once more'].map((id) => ({ ...quality, id }));
    const [primary, second] = compare(answers, { metrics }).metrics;
    const factor = (metric: typeof primary) => {
      const tests = metric?.differences.flatMap(({ test }) => test ?? []) ?? [];
      const [lowest] = tests.toSorted((a, b) => a.p - b.p);
      return (lowest?.adjusted ?? 0) / (lowest?.p ?? 1);
    };
    expect(factor(primary)).toBeCloseTo(3, 9);
    expect(factor(second)).toBeCloseTo(6, 9);
    expect(second?.differences[0]?.power).toBeNull();
  });

  it('notes what a comparison of this size can see', () => {
    const comparison = compare([...answer('base', spread(60, 0.5)), ...answer('rag', spread(60, 0.52))]);
    const power = comparison.metrics[0]?.differences[0]?.power;
    expect(power).toMatchObject({ power: 0.8, level: expect.closeTo(0.05, 12), rows: 60, clusters: 30, wanted: 0.05 });
    const wanting = { smallestDifference: power?.visible ?? 0 };
    const again = compare([...answer('base', spread(60, 0.5)), ...answer('rag', spread(60, 0.52))], wanting);
    expect(again.metrics[0]?.differences[0]?.power?.neededClusters).toBe(30);
  });

  it('counts better and worse as the metric means them', () => {
    const comparison = compare(
      [...answer('base', [1, 1, 0, 0], { metric: 'refused' }), ...answer('rag', [0, 0, 1, 0], { metric: 'refused' })],
      { metrics: [refused], primary: 'refused' },
    );
    expect(comparison.metrics[0]?.differences[0]).toMatchObject({
      mean: -0.25,
      effect: { better: 2, worse: 1, equal: 1 },
    });
  });

  it('goes topic by topic against the baseline, with an interval only where there are clusters enough', () => {
    const comparison = compare([...answer('base', spread(40, 0.3)), ...answer('rag', spread(40, 0.8))]);
    const [price, mail] = comparison.metrics[0]?.topics ?? [];
    expect(price).toMatchObject({
      topic: 'price',
      arms: [
        { arm: 'base', estimate: { rows: 4 } },
        { arm: 'rag', estimate: { rows: 4 } },
      ],
      differences: [{ arm: 'rag', against: 'base', rows: 4, interval: { kind: 'too-few-clusters' } }],
    });
    expect(mail).toMatchObject({ topic: 'mail', differences: [{ rows: 36, interval: { kind: 'interval' } }] });
  });

  it('says nothing of no answers', () => {
    const comparison = compareArms({
      ...{ answers: [], arms: ['base', 'rag'], baseline: 'base', metrics: [quality], primary: 'quality', seed: 1 },
      smallestDifference: 0.05,
    });
    expect(comparison).toMatchObject({ rows: 0, clusters: 0 });
    expect(comparison.metrics[0]).toMatchObject({ differences: [], incomparable: [{ arm: 'rag', against: 'base' }] });
  });

  it('is plain data, the same for the same seed', () => {
    const answers = [...answer('base', spread(40, 0.3)), ...answer('rag', spread(40, 0.35))];
    const comparison = compare(answers);
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
    expect(compare(answers)).toEqual(comparison);
  });
});
