import { describe, expect, it } from 'vitest';
import { digits, reference } from '../testing/reference.ts';
import { summariseClusters } from './cluster-mean.ts';
import { computePower, notePower } from './power.ts';

/** Clusters of two equal rows, whose means spread by `spread` and whose mean is 0. */
function summarise(clusters: number, spread: number) {
  const values = Array.from({ length: clusters * 2 }, (_, index) => ({
    cluster: `c${index % clusters}`,
    value: index % clusters < clusters / 2 ? 1 : -1,
  }));
  const plain = summariseClusters(values);
  const factor = spread / (plain.standardError * Math.sqrt(clusters));
  return summariseClusters(values.map(({ cluster, value }) => ({ cluster, value: value * factor })));
}

describe('power', () => {
  it.each(reference.powers)('is that of statsmodels: $difference in $clusters', ({ power, ...question }) => {
    expect(computePower({ ...question, degrees: question.clusters - 1 })).toBeCloseTo(power, digits);
  });

  it.each(reference.needed)('takes as many clusters as statsmodels says: $clusters', (expected) => {
    const { difference: wanted, spread, power, level } = expected;
    const note = notePower(summarise(30, spread), { wanted, power, level });
    expect(note.neededClusters).toBe(Math.ceil(expected.clusters));
    expect(note.neededRows).toBe(note.neededClusters * 2);
  });

  it.each(reference.visible)('sees the difference that statsmodels says: $difference', (expected) => {
    const { clusters, spread, power, level } = expected;
    const note = notePower(summarise(clusters, spread), { wanted: 0.05, power, level });
    expect(note.visible).toBeCloseTo(expected.difference, digits);
  });

  it('never promises anything for fewer than 15 clusters', () => {
    expect(notePower(summarise(20, 0.1), { wanted: 0.9, power: 0.8, level: 0.05 }).neededClusters).toBe(15);
  });
});
