import { checkSettings, derivePorts } from '@kumiki/flow';
import type { PortValue } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { switchNode } from './switch.ts';

const context = createFakeContext();
const cases = [
  { name: '返品', test: 'contains', operand: '返品' },
  { name: '料金', test: 'contains', operand: '料金' },
  { name: '短い' },
];
const choose = (inputs: Record<string, PortValue | undefined>) =>
  runNode(switchNode, { settings: { cases }, inputs, context });

describe('logic/switch', () => {
  it.each([
    ['返品できますか', '返品'],
    ['返品の料金は？', '返品'],
    ['料金は？', '料金'],
    ['', '短い'],
    ['天気は？', 'else'],
  ])('passes %j on to the first case that holds, and to no other: %s', async (value, output) => {
    expect(await choose({ value })).toEqual({ [output]: value });
  });

  it('passes the value on and tests the condition, where one is connected', async () => {
    expect(await choose({ value: 3, condition: '料金' })).toEqual({ 料金: 3 });
    expect(await choose({ value: 3, condition: undefined })).toEqual({ else: 3 });
  });

  it('refuses a test that has no meaning for the value', async () => {
    await expect(choose({ value: 3 })).rejects.toMatchObject({ code: 'condition-wrong-kind' });
  });

  it('calls a case the same, however its name was typed', async () => {
    const settings = { cases: [{ name: 'がぎぐ'.normalize('NFD'), test: 'is-not-empty' }] };
    const [name = ''] = Object.keys(derivePorts({ settings }, switchNode.description, {}).outputs);
    expect(await runNode(switchNode, { settings, inputs: { value: 'x' }, context })).toEqual({ [name]: 'x' });
  });

  it('has an output for each case, of the kind that comes in, which the editor can tell as well', () => {
    const description = JSON.parse(JSON.stringify(switchNode.description));
    const { outputs } = derivePorts({ settings: { cases } }, description, { value: 'passages' });
    expect(Object.entries(outputs).map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      '返品 passages',
      '料金 passages',
      '短い passages',
      'else passages',
    ]);
    const node = { type: 'logic/switch', version: 1, settings: { cases }, position: { x: 0, y: 0 } };
    expect(checkSettings('switch', node, description)).toEqual([]);
    const empty = { ...node, settings: { cases: [] } };
    expect(checkSettings('switch', empty, description)).toMatchObject([{ code: 'invalid-settings' }]);
  });
});
