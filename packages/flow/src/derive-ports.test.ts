import { describe, expect, it } from 'vitest';
import { derivePorts, type NodePorts } from './derive-ports.ts';
import type { JsonValue } from './document.ts';
import type { PortKind } from './port-kinds.ts';
import { describeType, nodeTypes } from './testing/node-types.ts';

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

  it('finds variables in the entries of a list as well, each once', () => {
    const rule = { rule: 'template-variables', kinds: ['text'], except: [] } as const;
    const description = describeType('logic/request', {
      family: 'logic',
      portRules: [
        { ...rule, setting: 'url' },
        { ...rule, setting: 'headers', property: 'value' },
      ],
    });
    const headers = [{ name: '{{n}}', value: '{{b}} {{a}}' }, { value: '{{c}}' }, { value: 3 }, null];
    const { inputs } = derivePorts({ settings: { url: '/{{a}}', headers } }, description, {});
    expect(Object.keys(inputs)).toEqual(['a', 'b', 'c']);
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

  it('gives each entry of a list an output, of the kind and in front of the one that it is like', () => {
    const cases = [{ name: '返品' }, { name: 'other' }];
    const { outputs } = portsOf('logic/switch', { cases }, { value: 'passages' });
    expect(Object.entries(outputs).map(([name, { kind }]) => [name, kind])).toEqual([
      ['before', 'number'],
      ['返品', 'passages'],
      ['other', 'passages'],
      ['else', 'passages'],
    ]);
    expect(outputs.返品?.title).toEqual({ en: '返品', ja: '返品' });
    expect(Object.keys(portsOf('logic/switch', {}).outputs)).toEqual(['before', 'usual', 'else']);
  });

  it('gives no output to an entry whose name cannot be one, or is taken', () => {
    const names = ['', '1st', 'a.b', 'が'.normalize('NFD'), 'else', 'が', 'before', '__proto__'];
    const cases = [...names.map((name) => ({ name })), { name: 3 }, 'x', null];
    const { outputs } = portsOf('logic/switch', { cases });
    expect(Object.keys(outputs)).toEqual(['before', 'が', '__proto__', 'else']);
    for (const broken of [null, 'x', { name: 'a' }]) {
      expect(Object.keys(portsOf('logic/switch', { cases: broken }).outputs)).toEqual(['before', 'else']);
    }
  });

  it('shows no output on an output node, whose answer no wire can take', () => {
    expect(portsOf('output', { name: 'a' }).outputs).toEqual({});
  });
});
