import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { watchCaller } from './caller-presence.ts';

const neverAnswered = () => Promise.resolve({ answer: new Promise(() => {}) });

it('ends when the caller leaves, when its stream is dropped, and when the process stops', async () => {
  const [request, closing] = [new AbortController(), new AbortController()];
  const left = watchCaller(request.signal, closing.signal);
  request.abort('gone');
  expect(left.signal).toMatchObject({ aborted: true, reason: 'gone' });
  expect(watchCaller(request.signal, closing.signal).signal).toMatchObject({ aborted: true, reason: 'gone' });

  const dropped = watchCaller(new AbortController().signal, closing.signal);
  dropped.leave('dropped');
  expect(dropped.signal.reason).toBe('dropped');

  const waiting = watchCaller(new AbortController().signal, closing.signal);
  await waiting.during(neverAnswered());
  closing.abort('stopping');
  expect(waiting.signal.reason).toBe('stopping');
  expect(watchCaller(new AbortController().signal, closing.signal).signal.reason).toBe('stopping');
});

it('leaves nothing behind at the signal of the process, whatever became of the question', async () => {
  const { signal: closing } = new AbortController();
  const watch = () => watchCaller(new AbortController().signal, closing);
  await watch().during(Promise.resolve({ answer: Promise.resolve('yes') }));
  await watch().during(Promise.resolve({ answer: Promise.reject(new Error('no')) }));
  await expect(watch().during(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await Promise.resolve();
  expect(getEventListeners(closing, 'abort')).toEqual([]);
});
