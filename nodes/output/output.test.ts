import type { PortValue } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { makePassage } from '../testing/samples.ts';
import { output } from './output.ts';

const passages = [makePassage('返品は商品到着後 14 日以内に受け付けます。')];
const run = (inputs: Record<string, PortValue | undefined>, settings: Record<string, unknown> = {}) =>
  runNode(output, { settings, inputs, context: createFakeContext() });
const filter = (settings: Record<string, unknown>, given: typeof passages | null) =>
  output.filterText?.({ settings: output.settings.parse(settings), passages: given });

describe('output', () => {
  it('answers with the text and its checked citations', async () => {
    const { result } = await run({ value: '14 日以内です［１］。[4]', passages });
    expect(result).toMatchObject({
      value: '14 日以内です[1]。',
      citations: [{ number: 1, kind: 'marker', documentName: 'faq.md' }],
    });
  });

  it.each([[3], [true], [{ a: [1, null] }], [[{ role: 'user' as const, content: 'はい' }]], [passages]])(
    'answers with %j as it is',
    async (value) => {
      expect(await run({ value, passages })).toEqual({ result: { value, citations: [] } });
    },
  );

  it('leaves brackets alone where there are no passages or no citations are wanted', async () => {
    const value = 'a[9]';
    expect(await run({ value })).toEqual({ result: { value, citations: [] } });
    expect(await run({ value, passages }, { citations: false })).toEqual({ result: { value, citations: [] } });
  });

  it('says that it does not know where what leads here was skipped', async () => {
    const whenNothing = '分かりませんでした。';
    expect(await run({ value: undefined }, { whenNothing })).toEqual({ result: { value: whenNothing, citations: [] } });
  });

  it('is skipped itself where it has nothing to say then', async () => {
    expect(await run({ value: undefined, passages })).toEqual({});
  });

  it('runs also when its value was skipped', () => {
    expect(output.description.inputs.value).toMatchObject({ required: true, acceptsSkipped: true });
  });

  it('filters the stream by the same rules', () => {
    expect(filter({}, passages)?.push('です[1][2]。')).toBe('です[1]。');
    expect(filter({}, null)?.push('a[2]')).toBe('a[2]');
    expect(filter({ citations: false }, passages)?.push('a[2]')).toBe('a[2]');
  });
});
