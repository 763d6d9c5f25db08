import { expect, test } from 'vitest';
import { waitingNode } from './apply-event.ts';
import { createRunStore, shownNodeRun } from './run-store.ts';
import { uniteNodeRuns } from './unite-node-runs.ts';

const done = { ...waitingNode, state: 'done', startedAt: 1_000, milliseconds: 500 } as const;
const usage = { promptTokens: 3, completionTokens: 4 };

test('a flow within a flow is as far as its nodes are', () => {
  const nodes = {
    'help/search': done,
    'help/write': { ...done, startedAt: 1_500, milliseconds: 2_000, usage },
    helpless: { ...waitingNode, state: 'failed' } as const,
  };
  expect(uniteNodeRuns(nodes, 'help')).toMatchObject({ state: 'done', startedAt: 1_000, milliseconds: 2_500, usage });
  const writing = { ...nodes, 'help/write': { ...waitingNode, state: 'streaming', startedAt: 1_500 } as const };
  expect(uniteNodeRuns(writing, 'help')).toMatchObject({ state: 'streaming', milliseconds: null });
  expect(uniteNodeRuns(nodes, 'other')).toBeNull();
});

test('it is the same object until something is told, since it is asked at every drawing', () => {
  const nodes = { 'help/search': done };
  expect(uniteNodeRuns(nodes, 'help')).toBe(uniteNodeRuns(nodes, 'help'));
});

test('the canvas shows it on the node that names the flow', () => {
  const runs = createRunStore();
  runs.getState().expect('r', 'build');
  const at = new Date(1_000).toISOString();
  runs.getState().receive('r', [
    { type: 'run-start', kind: 'build', at },
    { type: 'node-start', node: 'help/index', at },
  ]);
  expect(shownNodeRun(runs.getState(), 'help')?.state).toBe('running');
});
