import { expect, it } from 'vitest';
import type { RunEvent } from '../runs/event-log.ts';
import { Progress } from './progress.ts';

it('estimates the rest by what each arm took, and an arm that was not asked yet by all others', () => {
  const events: RunEvent[] = [];
  const left = new Map([
    ['quick', 2],
    ['slow', 2],
    ['unknown', 1],
  ]);
  const progress = new Progress((event) => events.push(event), { stage: 'asking', total: 5, done: 0, failed: 0, left });
  expect(events).toMatchObject([{ done: 0, total: 5, remainingSeconds: null }]);
  progress.step('quick', 1_000);
  progress.step('slow', 9_000, true);
  progress.step('quick', 1_000);
  progress.step('slow', 9_000);
  progress.step('unknown', 100);
  expect(events.at(-1)).toMatchObject({ done: 5, failed: 1, arm: 'unknown', remainingSeconds: 0 });
});

it('counts what was done before it was interrupted', () => {
  const events: RunEvent[] = [];
  const left = new Map([['arm', 2]]);
  new Progress((event) => events.push(event), { stage: 'asking', total: 10, done: 8, failed: 1, left });
  expect(events).toMatchObject([{ done: 8, total: 10, failed: 1 }]);
});
