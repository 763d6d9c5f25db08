import type { JsonValue } from '@kumiki/flow';
import { type FlowQuestion, KumikiError } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { mapNode } from './map.ts';

const settings = { flow: 'flow', version: 1 };
const refused = new KumikiError({ code: 'refused', message: { en: 'No.', ja: '不可。' } });

/** Answers an item when the test says so. */
function holdAnswers() {
  const asked: FlowQuestion[] = [];
  const answers = new Map<number, PromiseWithResolvers<{ value: JsonValue } | null>>();
  const context = createFakeContext({
    askFlow: (question) => {
      asked.push(question);
      const answer = Promise.withResolvers<{ value: JsonValue } | null>();
      answers.set(question.place, answer);
      return answer.promise;
    },
  });
  const answer = async (place: number, value: JsonValue | null | Error) => {
    if (value instanceof Error) answers.get(place)?.reject(value);
    else answers.get(place)?.resolve(value === null ? null : { value });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, context, answer };
}

describe('logic/map', () => {
  it('asks for as many items at once as it may, and keeps their order', async () => {
    const { asked, context, answer } = holdAnswers();
    const running = runNode(mapNode, {
      settings: { ...settings, atOnce: 2 },
      inputs: { items: ['a', 'b', 'c'] },
      variables: { tone: 'polite' },
      context,
    });
    expect(asked.map(({ item, inputs }) => [item, inputs])).toEqual([
      ['a', { tone: 'polite' }],
      ['b', { tone: 'polite' }],
    ]);
    await answer(1, 'B');
    expect(asked.map(({ item }) => item)).toEqual(['a', 'b', 'c']);
    await answer(2, null);
    await answer(0, 'A');
    expect(await running).toEqual({ results: ['A', 'B', null] });
  });

  it('fails with the first item that does, stops the others and begins no more', async () => {
    const { asked, context, answer } = holdAnswers();
    const running = runNode(mapNode, {
      settings: { ...settings, atOnce: 2 },
      inputs: { items: ['a', 'b', 'c'] },
      context,
    });
    running.catch(() => undefined);
    await answer(0, refused);
    expect(asked[1]?.signal.reason).toBe(refused);
    await answer(1, asked[1]?.signal.reason);
    await expect(running).rejects.toBe(refused);
    expect(asked).toHaveLength(2);
  });

  it('goes on without an item that failed where it is set to, and says which', async () => {
    const { context, answer } = holdAnswers();
    const running = runNode(mapNode, {
      settings: { ...settings, onError: 'skip' },
      inputs: { items: ['a', 'b'] },
      context,
    });
    await answer(0, refused);
    await answer(1, 'B');
    expect(await running).toEqual({ results: [null, 'B'] });
    expect(context.record.warnings).toEqual(['map-item-skipped']);
  });

  it('ends when it is cancelled, also where failures are skipped', async () => {
    const controller = new AbortController();
    const context = createFakeContext({
      signal: controller.signal,
      askFlow: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    });
    const running = runNode(mapNode, {
      settings: { ...settings, onError: 'skip' },
      inputs: { items: ['a', 'b'] },
      context,
    });
    controller.abort('enough');
    await expect(running).rejects.toBe('enough');
  });

  it('gives an empty list for one, and refuses what is no list or too long a one', async () => {
    const { context } = holdAnswers();
    expect(await runNode(mapNode, { settings, inputs: { items: [] }, context })).toEqual({ results: [] });
    await expect(runNode(mapNode, { settings, inputs: { items: 'a' }, context })).rejects.toMatchObject({
      code: 'map-not-a-list',
    });
    const items = Array.from({ length: 1_001 }, () => 'a');
    await expect(runNode(mapNode, { settings, inputs: { items }, context })).rejects.toMatchObject({
      code: 'map-list-too-long',
    });
  });
});
