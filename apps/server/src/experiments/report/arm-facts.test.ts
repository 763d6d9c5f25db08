import { expect, it } from 'vitest';
import { metricIds } from '../metric-ids.ts';
import { measureThousand } from './arm-facts.ts';

const answer = (seconds: number | null) => ({
  state: 'answered' as const,
  scores: seconds === null ? {} : { [metricIds.processorTime]: seconds },
});
const answers = (known: number, unknown: number) => [
  ...Array.from({ length: known }, () => answer(0.5)),
  ...Array.from({ length: unknown }, () => answer(null)),
];

it('counts the work of a thousand answers over those that it is known of', () => {
  expect(measureThousand(answers(10, 0))).toEqual({ processorSeconds: 500, deviceSeconds: null });
  expect(measureThousand(answers(9, 1)).processorSeconds).toBe(500);
  const failed = { state: 'failed' as const, scores: {} };
  expect(measureThousand([...answers(1, 0), failed]).processorSeconds).toBe(500);
});

it('tells nothing where more than a tenth is not known', () => {
  expect(measureThousand(answers(17, 2)).processorSeconds).toBeNull();
  expect(measureThousand([]).processorSeconds).toBeNull();
});
