import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { computeInterval, summariseClusters, testClusterT } from './cluster-mean.ts';

function repeat(clusters: number, value: number) {
  return Array.from({ length: clusters * 2 }, (_, index) => ({ cluster: `c${index % clusters}`, value }));
}

describe('the mean of clustered rows', () => {
  it.each(reference.clustered)(
    'has the error, degrees of freedom, interval and p of statsmodels, or of the definition: $mean',
    (expected) => {
      const summary = summariseClusters(expected.values);
      expect(summary.mean).toBeCloseTo(expected.mean, digits);
      expect(summary.standardError).toBeCloseTo(expected.standardError, digits);
      expect(summary.degrees).toBeCloseTo(expected.degrees, digits);
      expect(testClusterT(summary)).toBeCloseTo(expected.p, digits);
      const interval = computeInterval(summary, [-1, 1]);
      expect(interval).toEqual({
        kind: 'interval',
        low: expect.closeTo(expected.low, digits),
        high: expect.closeTo(expected.high, digits),
      });
    },
  );

  it('has a wider interval than the same rows taken as independent', () => {
    const values = Array.from({ length: 100 }, (_, index) => ({ cluster: `c${index % 20}`, value: (index % 20) / 20 }));
    const alone = values.map(({ value }, index) => ({ cluster: `r${index}`, value }));
    const width = (rows: typeof values) => {
      const interval = computeInterval(summariseClusters(rows), [0, 1]);
      return interval.kind === 'interval' ? interval.high - interval.low : null;
    };
    expect(width(values)).toBeGreaterThan((width(alone) ?? 9) * 2);
  });

  it('does not lie where no value can', () => {
    const values = Array.from({ length: 20 }, (_, index) => ({ cluster: `c${index}`, value: index === 0 ? 0 : 1 }));
    expect(computeInterval(summariseClusters(values), [0, 1])).toMatchObject({ kind: 'interval', high: 1 });
    expect(computeInterval(summariseClusters(values), [0, null])).not.toMatchObject({ high: 1 });
  });

  it('has no interval below 15 clusters', () => {
    expect(computeInterval(summariseClusters(repeat(14, 0.5)), [0, 1])).toEqual({
      kind: 'too-few-clusters',
      clusters: 14,
      needed: 15,
    });
    expect(computeInterval(summariseClusters(repeat(15, 0.5)), [0, 1]).kind).toBe('interval');
  });

  it('is not certain where all clusters are equal: others may just not have been drawn', () => {
    const summary = summariseClusters(repeat(60, 1));
    expect(testClusterT(summary)).toBeNull();
    // With a share of 4.87% that is different, 60 clusters without one are drawn in 5% of cases.
    expect(computeInterval(summary, [0, 1])).toEqual({
      kind: 'interval',
      low: expect.closeTo(0.05 ** (1 / 60), 12),
      high: 1,
    });
    expect(computeInterval(summariseClusters(repeat(60, 0)), [-1, 1])).toEqual({
      kind: 'interval',
      low: expect.closeTo(0.05 ** (1 / 60) - 1, 12),
      high: expect.closeTo(1 - 0.05 ** (1 / 60), 12),
    });
  });

  it('has no interval where all clusters are equal and nothing bounds a value', () => {
    expect(computeInterval(summariseClusters(repeat(60, 3)), [0, null])).toEqual({ kind: 'no-variation' });
  });

  it('is refused for no rows', () => {
    expect(() => summariseClusters([])).toThrow('No rows have no mean');
  });
});
