import { describe, expect, it } from 'vitest';
import { derivePorts, type NodePorts } from './derive-ports.ts';
import type { JsonValue } from './document.ts';
import type { PortKind } from './port-kinds.ts';
import { nodeTypes } from './testing/node-types.ts';

function portsOf(
  type: string,
  settings: Record<string, JsonValue>,
  arriving: Record<string, PortKind> = {},
): NodePorts {
  const description = nodeTypes.get(type);
  if (description === undefined) throw new Error(`No type ${type}`);
  return derivePorts({ settings }, description, arriving);
}

describe('derivePorts', () => {
  it('gives a template an input for every variable, besides those that it has anyway', () => {
    const { inputs } = portsOf('prompt/template', { template: '{{history}} {{質問}}' });
    expect(Object.keys(inputs)).toEqual(['history', '質問']);
    expect(inputs.質問).toEqual({ kinds: ['text', 'passages'], title: { en: '質問', ja: '質問' }, required: true });
  });

  it('reads an absent setting as its default', () => {
    expect(Object.keys(portsOf('prompt/template', {}).inputs)).toEqual(['history', 'question']);
  });

  it('takes an output kind from a setting, and the declared one where the setting names none', () => {
    expect(portsOf('input', { kind: 'number' }).outputs.value?.kind).toBe('number');
    expect(portsOf('input', { kind: 'nonsense' }).outputs.value?.kind).toBe('text');
  });

  it('puts out the kind that comes in', () => {
    expect(portsOf('logic/first', {}, { b: 'passages' }).outputs.value?.kind).toBe('passages');
    expect(portsOf('logic/first', {}).outputs.value?.kind).toBe('text');
  });

  it('shows no output on an output node, whose answer no wire can take', () => {
    expect(portsOf('output', { name: 'a' }).outputs).toEqual({});
  });
});
