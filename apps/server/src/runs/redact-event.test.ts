import { expect, it } from 'vitest';
import type { RunEvent } from './event-log.ts';
import { redactEvent } from './redact-event.ts';

it('takes what a model answered while it was trained, and leaves how its training went', () => {
  const progress = { type: 'node-progress', node: 'tune', done: 1, total: 2, unit: 'steps', waitingFor: null } as const;
  const answered: RunEvent = { ...progress, training: { type: 'samples', step: 1, answers: ['月島さんです。'] } };
  expect(redactEvent(answered)).toEqual({ ...progress, training: { type: 'samples', step: 1, answers: [] } });
  const measured: RunEvent = {
    ...progress,
    training: { type: 'points', points: [{ step: 1, loss: 2 }], remainingSeconds: null },
  };
  expect(redactEvent(measured)).toEqual(measured);
});
