import type { JsonSchema, NodeTypeDescription } from '@kumiki/flow';
import { expect, test } from 'vitest';
import { describeType } from '../../testing/test-flow.ts';
import { readFields } from './read-fields.ts';

const name = { en: 'Name', ja: '名前' };

function describeSettings(
  properties: Record<string, JsonSchema>,
  rest: Partial<NodeTypeDescription> = {},
): NodeTypeDescription {
  return { ...describeType('chunk/test', {}), settingsSchema: { type: 'object', properties }, ...rest };
}

const controlOf = (property: JsonSchema, rest?: Partial<NodeTypeDescription>) =>
  readFields(describeSettings({ it: property }, rest))[0];

test('a share with both bounds is pulled, a count is typed', () => {
  expect(controlOf({ type: 'number', minimum: 0, maximum: 1, default: 0.5 })).toMatchObject({
    control: 'slider',
    step: 0.01,
    fallback: 0.5,
  });
  expect(controlOf({ type: 'integer', minimum: 1, maximum: 100 })).toMatchObject({
    control: 'number',
    minimum: 1,
    maximum: 100,
    integer: true,
  });
});

test('what a slider is too coarse for is typed, in steps of its own size', () => {
  const field = controlOf({ type: 'number', exclusiveMinimum: 0, maximum: 1, default: 0.0002 });
  expect(field).toMatchObject({ control: 'number', minimum: 0, maximum: 1, step: 0.0001 });
});

test('the safe integers that zod writes out are no bounds', () => {
  const field = controlOf({ type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 });
  expect(field).toMatchObject({ control: 'number', minimum: null, maximum: null });
});

test('an enumeration offers its values by their names, and by themselves where they have none', () => {
  const field = controlOf(
    { type: 'string', enum: ['a', 'b'] },
    { settingTexts: { it: { title: name, options: { a: name } } } },
  );
  expect(field).toMatchObject({
    control: 'choice',
    options: [
      { value: 'a', label: name },
      { value: 'b', label: { en: 'b', ja: 'b' } },
    ],
  });
});

test('a long text is a template where its variables become ports', () => {
  const settingTexts = { it: { title: name, widget: 'textarea' } } as const;
  expect(controlOf({ type: 'string' }, { settingTexts })?.control).toBe('long-text');
  const rule = { rule: 'template-variables', setting: 'it', kinds: ['text'], except: [] } as const;
  expect(controlOf({ type: 'string' }, { settingTexts, portRules: [rule] })?.control).toBe('template');
});

test('a model picker sets the host as well, so the host has no row of its own', () => {
  const fields = readFields(
    describeSettings(
      { host: { type: 'string', default: 'embedded' }, model: { type: 'string' } },
      { settingTexts: { model: { title: name, widget: 'embedding-model' } } },
    ),
  );
  expect(fields).toHaveLength(1);
  expect(fields[0]).toMatchObject({ control: 'model', purpose: 'embedding', hostSetting: 'host' });
});

test('a list of groups of values has the fields of its entries; any other list is JSON', () => {
  const items = {
    type: 'object',
    properties: { name: { type: 'string' }, kind: { type: 'string', enum: ['a', 'b'], default: 'a' } },
    required: ['name'],
  };
  const field = controlOf(
    { type: 'array', items, maxItems: 5 },
    { settingTexts: { it: { title: name, entries: { name: { title: { en: 'Called', ja: '呼び名' } } } } } },
  );
  expect(field).toMatchObject({
    control: 'list',
    maximum: 5,
    fields: [
      { name: 'name', title: { ja: '呼び名' }, control: 'text', required: true },
      { name: 'kind', control: 'choice', fallback: 'a', required: false },
    ],
  });
  expect(controlOf({ type: 'array', items: { type: 'string' } })?.control).toBe('json');
});

test('what is required has no default; what no control fits is JSON', () => {
  const description = describeSettings({ a: { type: 'string' }, b: { type: 'array', default: [] } });
  const fields = readFields({
    ...description,
    settingsSchema: { ...description.settingsSchema, required: ['a', 'b'] },
  });
  expect(fields.map(({ required, control }) => [required, control])).toEqual([
    [true, 'text'],
    [false, 'json'],
  ]);
});
