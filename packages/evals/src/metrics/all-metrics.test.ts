import { describe, expect, it } from 'vitest';
import { allMetrics } from './all-metrics.ts';

describe('all metrics', () => {
  it('have names of their own', () => {
    expect(new Set(allMetrics.map(({ id }) => id)).size).toBe(allMetrics.length);
  });

  it.each(allMetrics.map((metric) => [metric.id, metric] as const))('say what they are: %s', (_, metric) => {
    for (const text of [metric.title, metric.formula, metric.limits]) {
      expect(text.en).not.toBe('');
      expect(text.ja).not.toBe('');
    }
    expect(metric.source).not.toBe('');
    expect(metric.range[1] === null).toBe(metric.kind === 'amount');
  });
});
