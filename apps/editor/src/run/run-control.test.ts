import { afterEach, expect, test, vi } from 'vitest';
import { followRun } from '../api/run-events.ts';
import * as api from '../api/runs.ts';
import { createRunControl } from './run-control.ts';
import type { RunEvent } from './run-state.ts';
import { createRunStore, shownRun } from './run-store.ts';

vi.mock('../api/run-events.ts');
vi.mock('../api/runs.ts');
afterEach(() => vi.resetAllMocks());

const at = '2026-12-01T09:00:00.000Z';

/** A control whose runs end at once in this state. */
function openControl(state: 'succeeded' | 'failed' | 'cancelled') {
  const end: RunEvent = { type: 'run-end', state, outputs: null, usage: null, error: null, build: null, at };
  vi.mocked(followRun).mockImplementation(async ({ onEvents }) => onEvents([end]));
  vi.mocked(api.startBuild).mockResolvedValue({ run: 'r', version: 1 });
  vi.mocked(api.startRun).mockResolvedValue({ id: 'q' });
  const onBuildFailed = vi.fn();
  const onEnd = vi.fn();
  const runs = createRunStore();
  const control = createRunControl({ flow: 'f', runs, flush: async () => {}, onEnd, onBuildFailed });
  return { control, runs, onBuildFailed, onEnd };
}

test('a build that was started here and failed is told, so that its problems can be shown', async () => {
  const { control, runs, onBuildFailed } = openControl('failed');
  await control.build();
  await vi.waitFor(() => expect(onBuildFailed).toHaveBeenCalledOnce());
  expect(shownRun(runs.getState(), 'build')?.phase).toBe('failed');
});

test.each(['succeeded', 'cancelled'] as const)('one that has %s is not', async (state) => {
  const { control, onBuildFailed, onEnd } = openControl(state);
  await control.build();
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledOnce());
  expect(onBuildFailed).not.toHaveBeenCalled();
});

test('nor is a question, or a build of the past that is looked at', async () => {
  const { control, onBuildFailed, onEnd } = openControl('failed');
  await control.ask({ inputs: {} });
  await control.replay('past', 'build');
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(2));
  expect(onBuildFailed).not.toHaveBeenCalled();
});
