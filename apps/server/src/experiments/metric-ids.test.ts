import { allMetrics } from '@kumiki/evals';
import { expect, it } from 'vitest';
import { metricIds } from './metric-ids.ts';

it('names every metric that there is', () => {
  expect(Object.values(metricIds).toSorted()).toEqual(allMetrics.map(({ id }) => id).toSorted());
});
