import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkSettings } from './check-settings.ts';
import type { FlowNode, JsonValue } from './document.ts';
import type { JsonSchema, NodeTypeDescription } from './node-type-description.ts';
import { nodeTypes } from './testing/node-types.ts';

const schema = z.object({ name: z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]*$/u), limit: z.int().max(100).default(8) });

const description: NodeTypeDescription = {
  type: 'retrieve/example',
  version: 1,
  behaviour: 1,
  family: 'retrieve',
  effect: 'pure',
  title: { en: 'Example', ja: '例' },
  description: { en: 'An example.', ja: '例です。' },
  settingsSchema: z.toJSONSchema(schema, { io: 'input' }) as JsonSchema,
  settingTexts: { name: { title: { en: 'Name', ja: '名前' } }, limit: { title: { en: 'Passages', ja: '件数' } } },
  initial: {},
  initialTexts: {},
  headline: null,
  inputs: {},
  outputs: {},
  settingRules: [],
  portRules: [],
  makesArtifact: false,
  held: false,
  perDocument: false,
};

const check = (settings: Record<string, JsonValue>) => {
  const node: FlowNode = { type: description.type, version: 1, settings, position: { x: 0, y: 0 } };
  return checkSettings('example', node, description).map(({ code, path }) => [code, path]);
};

describe('checkSettings with the schema of a description', () => {
  it('reads patterns with the Unicode flag, so that Japanese and Latin names pass alike', () => {
    expect(check({ name: '質問' })).toEqual([]);
    expect(check({ name: 'question-1' })).toEqual([]);
    expect(check({ name: '1質問' })).toEqual([['invalid-settings', '/nodes/example/settings/name']]);
  });

  it('takes one of several settings where a rule says so, and says which', () => {
    const ruled: NodeTypeDescription = {
      ...description,
      settingRules: [{ rule: 'exactly-one-of', settings: ['name', 'other'] }],
      settingsSchema: { type: 'object', properties: { name: { type: 'string' }, other: { type: 'string' } } },
    };
    const checkRuled = (settings: Record<string, JsonValue>) => {
      const node: FlowNode = { type: ruled.type, version: 1, settings, position: { x: 0, y: 0 } };
      return checkSettings('example', node, ruled);
    };
    expect(checkRuled({ other: 'b' })).toEqual([]);
    expect(checkRuled({ name: '', other: '' })).toMatchObject([
      { code: 'missing-setting', path: '/nodes/example/settings/name' },
    ]);
    const both = checkRuled({ name: 'a', other: 'b' });
    expect(both).toMatchObject([{ code: 'invalid-settings', path: '/nodes/example/settings/other' }]);
    expect(both[0]?.message).toEqual({
      en: '“Example” takes only one of “Name” and “other”. Clear all but one.',
      ja: '「例」で使えるのは「名前」と「other」のいずれか 1 つだけです。ほかは空にしてください。',
    });
  });

  it('names what is missing, what is too large and what is misspelt', () => {
    expect(check({})).toEqual([['missing-setting', '/nodes/example/settings/name']]);
    expect(check({ name: 'a', limit: 101 })).toEqual([['invalid-settings', '/nodes/example/settings/limit']]);
    expect(check({ name: 'a', limmit: 5 })).toEqual([['invalid-settings', '/nodes/example/settings/limmit']]);
  });
});

describe('names that become outputs', () => {
  const checkCases = (...names: readonly string[]) => {
    const type = nodeTypes.get('logic/switch');
    if (type === undefined) throw new Error('no type');
    const settings = { cases: names.map((name) => ({ name })) };
    const node: FlowNode = { type: type.type, version: 1, settings, position: { x: 0, y: 0 } };
    return checkSettings('switch', node, type).map(({ code, path, message }) => [code, path, message.ja]);
  };

  it('are refused where an output cannot be called so, or is already', () => {
    expect(checkCases('返品', 'other_1')).toEqual([]);
    expect(checkCases('返品', '返品・交換', '返品', 'else')).toEqual([
      [
        'invalid-settings',
        '/nodes/switch/settings/cases/1/name',
        '「場合分け」の出力の名前に「返品・交換」は使えません。64 文字以内の文字・数字・_ だけを使い、数字以外で始めてください。',
      ],
      [
        'invalid-settings',
        '/nodes/switch/settings/cases/2/name',
        '「場合分け」に「返品」という出力が 2 つできてしまいます。どちらかの名前を変えてください。',
      ],
      [
        'invalid-settings',
        '/nodes/switch/settings/cases/3/name',
        '「場合分け」に「else」という出力が 2 つできてしまいます。どちらかの名前を変えてください。',
      ],
    ]);
  });

  it('are asked for by their titles, counted from 1', () => {
    expect(checkCases('返品', '')).toEqual([
      [
        'missing-setting',
        '/nodes/switch/settings/cases/1/name',
        '「場合分け」の「場合 › 2 › 名前」を設定してください。',
      ],
    ]);
  });
});
