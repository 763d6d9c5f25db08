import { expect, test } from 'vitest';
import { applyEvent, measureProgress, queuedRun } from './apply-event.ts';
import { findStateText, type RunEvent } from './run-state.ts';
import { createRunStore, shownNodeRun, shownRun } from './run-store.ts';

const at = '2026-11-23T09:00:00.000Z';

function nodeEnd(node: string, state: 'succeeded' | 'reused' | 'skipped' | 'failed'): RunEvent {
  return {
    type: 'node-end',
    node,
    state,
    milliseconds: 38,
    counts: { passages: { documents: null, items: 8 } },
    sample: { passages: [{ text: 'x' }] },
    usage: null,
    warnings: [],
    documentErrors: [],
    error: null,
  };
}

function runEnd(state: 'succeeded' | 'failed' | 'cancelled'): RunEvent {
  return { type: 'run-end', state, outputs: null, usage: null, error: null, build: 3, at };
}

const play = (events: RunEvent[]) =>
  events.reduce((run, event) => applyEvent(run, event, 5_000), queuedRun('r', 'question'));

test('a node runs, streams and is done', () => {
  const start: RunEvent[] = [
    { type: 'run-start', kind: 'question', at },
    { type: 'node-start', node: 'llm', at },
  ];
  expect(play(start).nodes.llm?.state).toBe('running');
  const delta = (text: string): RunEvent => ({ type: 'text-delta', node: 'llm', output: 'answer', text });
  const streaming = play([...start, delta('は'), delta('い')]);
  expect(streaming.nodes.llm).toMatchObject({ state: 'streaming', text: { answer: 'はい' }, firstTextAt: 5_000 });
  const done = play([...start, delta('はい'), nodeEnd('llm', 'succeeded')]);
  expect(done.nodes.llm).toMatchObject({ state: 'done', milliseconds: 38, counts: { passages: { items: 8 } } });
});

test('a node that waits for the GPU says so until it starts, and is not at work', () => {
  const waiting: RunEvent[] = [
    { type: 'run-start', kind: 'build', at },
    { type: 'node-progress', node: 'tune', done: 0, total: null, unit: 'steps', waitingFor: 'gpu' },
  ];
  const run = play(waiting);
  expect(run.nodes.tune).toMatchObject({ state: 'waiting', waitingFor: 'gpu', progress: null });
  expect(measureProgress(run, 1)).toBe(0);
  const started = play([...waiting, { type: 'node-start', node: 'tune', at }]);
  expect(started.nodes.tune).toMatchObject({ state: 'running', waitingFor: null });
});

test('a node that trains says what it is at, and keeps its curve when it is done', () => {
  type Training = NonNullable<Extract<RunEvent, { type: 'node-progress' }>['training']>;
  const tell = (training: Training): RunEvent => ({
    type: 'node-progress',
    node: 'tune',
    done: 0,
    total: 120,
    unit: 'steps',
    waitingFor: null,
    training,
  });
  const start: RunEvent[] = [
    { type: 'run-start', kind: 'build', at },
    { type: 'node-start', node: 'tune', at },
    tell({ type: 'state', state: 'installing', share: 0.4 }),
  ];
  const installing = play(start).nodes.tune;
  expect(installing).toMatchObject({ state: 'running', training: { stage: 'installing', share: 0.4 } });
  expect(installing && findStateText(installing)).toBe('nodes.training.installing');
  const trained = play([
    ...start,
    tell({ type: 'state', state: 'training', share: null }),
    tell({ type: 'plan', steps: 120, resumedFrom: 0, rows: { train: 96, evaluation: 12 } }),
    tell({ type: 'points', points: [{ step: 1, loss: 3 }], remainingSeconds: 90 }),
    nodeEnd('tune', 'succeeded'),
  ]).nodes.tune;
  expect(trained).toMatchObject({ state: 'done', training: { stage: null, remainingSeconds: null } });
  expect(trained?.training?.curve.points).toEqual([{ step: 1, loss: 3 }]);
});

test('a training that was killed with its run is not shown as being at work', () => {
  const run = play([
    { type: 'node-start', node: 'tune', at },
    {
      type: 'node-progress',
      node: 'tune',
      done: 0,
      total: null,
      unit: 'steps',
      waitingFor: null,
      training: { type: 'state', state: 'training', share: null },
    },
    runEnd('cancelled'),
  ]);
  expect(run.nodes.tune).toMatchObject({ state: 'cancelled', training: { stage: null } });
});

test('what was reused, skipped or failed says so', () => {
  const run = play([nodeEnd('a', 'reused'), nodeEnd('b', 'skipped'), nodeEnd('c', 'failed')]);
  expect(Object.values(run.nodes).map(({ state }) => state)).toEqual(['cached', 'skipped', 'failed']);
});

test('a run that ends stops what was still at work', () => {
  const run = play([{ type: 'node-start', node: 'a', at }, runEnd('cancelled')]);
  expect(run.phase).toBe('cancelled');
  expect(run.nodes.a?.state).toBe('cancelled');
});

test('progress counts finished nodes whole and running ones in part', () => {
  const run = play([
    nodeEnd('a', 'succeeded'),
    { type: 'node-start', node: 'b', at },
    { type: 'node-progress', node: 'b', done: 50, total: 100, unit: 'chunks', waitingFor: null },
  ]);
  expect(measureProgress(run, 4)).toBe(0.375);
  expect(measureProgress(queuedRun('r', 'build'), 0)).toBe(0);
});

test('the canvas shows the last question over the last build, and a past run when asked to', () => {
  const store = createRunStore(() => 0);
  store.getState().expect('build', 'build');
  store.getState().receive('build', [nodeEnd('index', 'succeeded'), nodeEnd('search', 'skipped')]);
  store.getState().expect('first', 'question');
  store.getState().receive('first', [nodeEnd('search', 'succeeded')]);
  store.getState().expect('second', 'question');
  expect(shownNodeRun(store.getState(), 'index')?.state).toBe('done');
  expect(shownNodeRun(store.getState(), 'search')?.state).toBe('skipped');
  store.getState().show('first');
  expect(shownNodeRun(store.getState(), 'search')?.state).toBe('done');
  expect(shownRun(store.getState(), 'question')?.id).toBe('first');
});
