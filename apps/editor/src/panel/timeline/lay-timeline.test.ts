import { expect, test } from 'vitest';
import { applyEvent, queuedRun } from '../../run/apply-event.ts';
import type { RunEvent } from '../../run/run-state.ts';
import { layTimeline, placeTicks } from './lay-timeline.ts';

const origin = Date.parse('2026-11-23T09:00:00.000Z');
const time = (after: number) => new Date(origin + after).toISOString();

function nodeEnd(node: string, milliseconds: number): RunEvent {
  return {
    type: 'node-end',
    node,
    state: 'succeeded',
    milliseconds,
    counts: {},
    sample: {},
    usage: null,
    warnings: [],
    documentErrors: [],
    error: null,
  };
}

const play = (events: readonly (readonly [number, RunEvent])[]) =>
  events.reduce((run, [now, event]) => applyEvent(run, event, origin + now), queuedRun('r', 'question'));

const start: readonly (readonly [number, RunEvent])[] = [
  [0, { type: 'run-start', kind: 'question', at: time(0) }],
  [10, { type: 'node-start', node: 'search', at: time(10) }],
  [48, nodeEnd('search', 38)],
  [50, { type: 'node-start', node: 'llm', at: time(50) }],
];

test('nodes stand in the order in which they started; what is at work reaches to now', () => {
  const { rows, length } = layTimeline(play(start), origin + 1_000);
  expect(rows.map(({ node, start, end }) => [node, start, end])).toEqual([
    ['search', 10, 48],
    ['llm', 50, 1_000],
  ]);
  expect(length).toBe(1_000);
});

test('the wait for the first text is told apart, unless the text came in a replay', () => {
  const delta: RunEvent = { type: 'text-delta', node: 'llm', output: 'answer', text: 'は' };
  const live = play([...start, [450, delta], [3_650, nodeEnd('llm', 3_600)]]);
  expect(layTimeline(live, origin + 3_650).rows[1]?.wait).toBe(400);
  const replayed = play([...start, [90_000, delta], [90_000, nodeEnd('llm', 3_600)]]);
  expect(layTimeline(replayed, origin + 90_000).rows[1]?.wait).toBeNull();
});

test('marks are round and few, from milliseconds to hours', () => {
  for (const length of [3, 38, 900, 3_600, 59_000, 60_000, 754_000, 40_000_000]) {
    const ticks = placeTicks(length);
    expect(ticks.length, String(length)).toBeGreaterThanOrEqual(2);
    expect(ticks.length, String(length)).toBeLessThanOrEqual(6);
    expect(ticks.at(-1)).toBeLessThanOrEqual(length);
  }
  expect(placeTicks(3_600)).toEqual([0, 1_000, 2_000, 3_000]);
});
