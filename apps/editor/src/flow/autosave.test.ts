import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem.ts';
import { openTestFlow } from '../testing/test-flow.ts';
import { startAutosave } from './autosave.ts';
import { isUnsaved } from './flow-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = (status: number) => new ApiError({ code: 'x', status, texts: { en: 'x', ja: 'x' } });

test('a burst of changes is saved once, a moment after the last one, over the last revision', async () => {
  const flow = openTestFlow();
  const save = vi.fn(async () => 2);
  startAutosave(flow, save);
  for (const name of ['a', 'b', 'c']) {
    flow.getState().renameFlow(name);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(save).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(save).toHaveBeenCalledOnce();
  expect(save).toHaveBeenCalledWith(
    { id: 'flow', revision: 1, document: flow.getState().document },
    expect.any(AbortSignal),
  );
  expect(flow.getState()).toMatchObject({ revision: 2, save: { state: 'saved' } });
  expect(isUnsaved(flow.getState())).toBe(false);
});

test('what changes while a save is under way is saved after it, over the new revision', async () => {
  const flow = openTestFlow();
  const revisions: number[] = [];
  startAutosave(flow, async ({ revision }) => {
    revisions.push(revision);
    if (revisions.length === 1) flow.getState().renameFlow('later');
    return revision + 1;
  });
  flow.getState().renameFlow('first');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(revisions).toEqual([1, 2]);
  expect(isUnsaved(flow.getState())).toBe(false);
});

test('a refused revision is a conflict, and nothing more is saved until somebody has chosen', async () => {
  const flow = openTestFlow();
  const save = vi.fn(async (): Promise<number> => {
    throw refusal(412);
  });
  startAutosave(flow, save);
  flow.getState().renameFlow('mine');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(flow.getState().save.state).toBe('conflict');
  flow.getState().renameFlow('mine too');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(save).toHaveBeenCalledOnce();
});

test('overwriting goes on from the revision that the other one saved', async () => {
  const flow = openTestFlow();
  const save = vi.fn(async ({ revision }: { revision: number }) => {
    if (revision === 1) throw refusal(412);
    return revision + 1;
  });
  const autosave = startAutosave(flow, save);
  flow.getState().renameFlow('mine');
  await vi.advanceTimersByTimeAsync(1_000);
  flow.getState().adoptRevision(7);
  await autosave.flush();
  expect(flow.getState().revision).toBe(8);
});

test('a failure is told, and saving again succeeds', async () => {
  const flow = openTestFlow();
  let fails = true;
  const autosave = startAutosave(flow, async ({ revision }) => {
    if (fails) throw refusal(0);
    return revision + 1;
  });
  flow.getState().renameFlow('mine');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(flow.getState().save.state).toBe('failed');
  fails = false;
  await autosave.flush();
  expect(flow.getState().save.state).toBe('saved');
});

test('nothing is saved after stop', async () => {
  const flow = openTestFlow();
  const save = vi.fn(async () => 2);
  startAutosave(flow, save).stop();
  flow.getState().renameFlow('mine');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(save).not.toHaveBeenCalled();
});
