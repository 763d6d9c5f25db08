import { expect, test } from 'vitest';
import type { RunEvent } from '../run/run-state.ts';
import { ApiError } from './problem.ts';
import { followRun } from './run-events.ts';

const at = '2026-11-23T09:00:00.000Z';
const start: RunEvent = { type: 'run-start', kind: 'build', at };
const node: RunEvent = { type: 'node-start', node: 'a', at };
const end: RunEvent = { type: 'run-end', state: 'succeeded', outputs: null, usage: null, error: null, build: 1, at };

function stream(events: readonly (readonly [id: number, event: RunEvent])[]): Response {
  const text = events.map(([id, event]) => `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response([': keep-alive\n\n', ...text].join(''), { headers: { 'content-type': 'text/event-stream' } });
}

/** Answers one after another, and remembers what `Last-Event-ID` each call carried. */
function serve(...answers: (() => Response)[]) {
  const resumedAfter: (string | null)[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    resumedAfter.push(new Headers(init?.headers).get('last-event-id'));
    const answer = answers[resumedAfter.length - 1];
    if (answer === undefined) throw new Error('Asked once more than expected');
    return answer();
  };
  return { fetch, resumedAfter };
}

async function collect(...answers: (() => Response)[]) {
  const { fetch, resumedAfter } = serve(...answers);
  const seen: string[] = [];
  await followRun({
    run: 'r',
    fetch,
    wait: async () => undefined,
    signal: new AbortController().signal,
    onEvents: (events) => seen.push(...events.map(({ type }) => type)),
  });
  return { seen, resumedAfter };
}

test('events are read until the run ends', async () => {
  const { seen } = await collect(() =>
    stream([
      [1, start],
      [2, node],
      [3, end],
    ]),
  );
  expect(seen).toEqual(['run-start', 'node-start', 'run-end']);
});

test('what arrives together is told together, so that a long run is replayed in few drawings', async () => {
  const { fetch } = serve(() =>
    stream([
      [1, start],
      [2, node],
      [3, end],
    ]),
  );
  const lots: number[] = [];
  const signal = new AbortController().signal;
  await followRun({ run: 'r', fetch, signal, onEvents: (events) => lots.push(events.length) });
  expect(lots).toEqual([3]);
});

test('a broken connection is resumed after the last event seen', async () => {
  const { seen, resumedAfter } = await collect(
    () =>
      stream([
        [1, start],
        [2, node],
      ]),
    () => {
      throw new TypeError('network');
    },
    () => stream([[3, end]]),
  );
  expect(seen).toEqual(['run-start', 'node-start', 'run-end']);
  expect(resumedAfter).toEqual([null, '2', '2']);
});

test('204 says that there is nothing more', async () => {
  const { seen } = await collect(
    () => stream([[1, start]]),
    () => new Response(null, { status: 204 }),
  );
  expect(seen).toEqual(['run-start']);
});

test('a refusal is told and not tried again', async () => {
  const refused = () => Response.json({ code: 'not-found', detail: 'No such run.' }, { status: 404 });
  await expect(collect(refused)).rejects.toBeInstanceOf(ApiError);
});
