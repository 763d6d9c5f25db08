import { derivePorts } from '@kumiki/flow';
import type { PortValue } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { runNode } from '../testing/run-node.ts';
import { makePassage } from '../testing/samples.ts';
import { ifNode } from './if.ts';

const context = createFakeContext();
const branch = async (settings: Record<string, unknown>, inputs: Record<string, PortValue>) =>
  Object.keys(await runNode(ifNode, { settings, inputs, context }));

describe('logic/if', () => {
  it.each([
    ['is-true', true, '', true],
    ['is-true', false, '', false],
    ['is-not-empty', 'あ', '', true],
    ['is-not-empty', ' 　\n', '', false],
    ['is-not-empty', [makePassage('x')], '', true],
    ['is-not-empty', [], '', false],
    ['is-not-empty', null, '', false],
    ['is-not-empty', 0, '', true],
    ['equals', 'はい', 'はい', true],
    ['equals', '3', '3', true],
    ['equals', 3, '3', true],
    ['equals', true, 'true', true],
    ['equals', { a: 1, b: 2 }, '{"b":2,"a":1}', true],
    ['equals', 3, 'three', false],
    ['contains', 'ＡＢＣの料金', 'abc', true],
    ['contains', ['ja', 'en'], 'ja', true],
    ['contains', [1, 2], '3', false],
    ['is-greater', 3, '2.5', true],
    ['is-greater', 2, '2', false],
    ['is-less', -1, '0', true],
  ] satisfies [string, PortValue, string, boolean][])(
    'asks %s of %j with “%s”: %s',
    async (test, value, operand, holds) => {
      expect(await branch({ test, operand }, { value })).toEqual([holds ? 'then' : 'else']);
    },
  );

  it('passes the value on and tests the condition, where one is connected', async () => {
    const made = await runNode(ifNode, {
      settings: { test: 'is-true' },
      inputs: { value: '質問', condition: false },
      context,
    });
    expect(made).toEqual({ else: '質問' });
  });

  it.each([
    ['is-true', 'はい', ''],
    ['is-greater', '3', '2'],
    ['is-greater', 3, ''],
    ['contains', 3, '3'],
  ] satisfies [string, PortValue, string][])('refuses to ask %s of %j with “%s”', async (test, value, operand) => {
    await expect(branch({ test, operand }, { value })).rejects.toMatchObject({ code: 'condition-wrong-kind' });
  });

  it('takes a connected condition that was skipped for one that does not hold', async () => {
    const inputs = { value: '質問', condition: undefined };
    expect(await runNode(ifNode, { settings: {}, inputs, context })).toEqual({ else: '質問' });
  });

  it('puts out the kind that comes in', () => {
    const { outputs } = derivePorts({ settings: {} }, ifNode.description, { value: 'passages' });
    // biome-ignore lint/suspicious/noThenProperty: a port's name; the object is never awaited.
    expect(outputs).toMatchObject({ then: { kind: 'passages' }, else: { kind: 'passages' } });
  });
});
