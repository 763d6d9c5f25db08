import { z } from 'zod';
import { readEntryNames } from './derive-ports.ts';
import { type FlowNode, isPortName, type JsonValue } from './document.ts';
import { formatJsonPointer } from './json-pointer.ts';
import type { JsonSchema, LocalisedText, NodeTypeDescription, PortRule, SettingRule } from './node-type-description.ts';
import type { Problem } from './problem.ts';
import { describeSettingIssue } from './setting-issue.ts';

type SettingsSchema = { safeParse(value: unknown): z.ZodSafeParseResult<unknown> };

/** Compiling a schema costs about a millisecond and the editor checks at every key stroke. */
const compiled = new WeakMap<NodeTypeDescription, SettingsSchema | null>();

/**
 * Problems of a node's settings. `schema` is the node type's own where that is at hand (a server); otherwise the
 * description's JSON Schema is used, which knows no refinements. Settings of an older version are not judged: they are
 * migrated first, which takes the node type itself.
 */
export function checkSettings(
  id: string,
  node: FlowNode,
  description: NodeTypeDescription,
  schema: SettingsSchema | null = compileSettingsSchema(description),
): readonly Problem[] {
  if (schema === null || node.version < description.version) return [];
  const result = schema.safeParse(node.settings);
  const issues = result.success ? [] : result.error.issues;
  return [
    ...issues.map((issue) => makeProblem(id, node, description, issue)),
    ...description.settingRules.flatMap((rule) => checkRule(id, node, description, rule) ?? []),
    ...description.portRules.flatMap((rule) =>
      rule.rule === 'outputs-from-list' ? checkEntryNames(id, node, description, rule) : [],
    ),
    ...findUnknownSettings(id, node, description),
  ];
}

function checkRule(id: string, node: FlowNode, description: NodeTypeDescription, rule: SettingRule): Problem | null {
  const set = rule.settings.filter((name) => !isEmpty(node.settings[name]));
  if (set.length === 1) return null;
  const [first = '', second = ''] = set.length === 0 ? rule.settings : set;
  const title = nameNode(node, description);
  const titles = rule.settings.map((name) => nameSetting(description, [name]));
  const names = { en: titles.map(({ en }) => `“${en}”`), ja: titles.map(({ ja }) => `「${ja}」`) };
  const texts: LocalisedText =
    set.length === 0
      ? {
          en: `“${title.en}” needs one of ${names.en.join(' and ')}. Set one of them.`,
          ja: `「${title.ja}」には${names.ja.join('と')}のいずれかが必要です。1 つを設定してください。`,
        }
      : {
          en: `“${title.en}” takes only one of ${names.en.join(' and ')}. Clear all but one.`,
          ja: `「${title.ja}」で使えるのは${names.ja.join('と')}のいずれか 1 つだけです。ほかは空にしてください。`,
        };
  return {
    code: set.length === 0 ? 'missing-setting' : 'invalid-settings',
    severity: 'error',
    node: id,
    path: formatJsonPointer(['nodes', id, 'settings', set.length === 0 ? first : second]),
    message: texts,
  };
}

/** An entry whose name cannot be an output has none, so that nothing could be connected there. */
function checkEntryNames(
  id: string,
  node: FlowNode,
  description: NodeTypeDescription,
  rule: Extract<PortRule, { rule: 'outputs-from-list' }>,
): readonly Problem[] {
  const taken = new Set(Object.keys(description.outputs));
  const title = nameNode(node, description);
  return readEntryNames(node, description, rule).flatMap((name, place): Problem[] => {
    if (name === null) return [];
    const isName = isPortName(name);
    const isTaken = taken.has(name);
    taken.add(name);
    if (isName && !isTaken) return [];
    return [
      {
        code: 'invalid-settings',
        severity: 'error',
        node: id,
        path: formatJsonPointer(['nodes', id, 'settings', rule.setting, place, rule.property]),
        message: isName
          ? {
              en: `Two outputs of “${title.en}” would be called “${name}”. Give one of them another name.`,
              ja: `「${title.ja}」に「${name}」という出力が 2 つできてしまいます。どちらかの名前を変えてください。`,
            }
          : {
              en: `An output of “${title.en}” cannot be called “${name}”. Use letters, digits and _ only, at most 64, and do not begin with a digit.`,
              ja: `「${title.ja}」の出力の名前に「${name}」は使えません。64 文字以内の文字・数字・_ だけを使い、数字以外で始めてください。`,
            },
      },
    ];
  });
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function makeProblem(id: string, node: FlowNode, description: NodeTypeDescription, issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const value = readValue(node.settings, path);
  const missing = value === undefined || (value === '' && issue.code === 'too_small');
  const setting = nameSetting(description, path);
  const text = missing ? { en: 'is required, but not set', ja: 'を設定してください' } : describeSettingIssue(issue);
  const title = nameNode(node, description);
  return {
    code: missing ? 'missing-setting' : 'invalid-settings',
    severity: 'error',
    node: id,
    path: formatJsonPointer(['nodes', id, 'settings', ...path]),
    message: {
      en: `“${setting.en}” of “${title.en}” ${text.en}.`,
      ja: `「${title.ja}」の「${setting.ja}」${text.ja}。`,
    },
  };
}

/** A misspelt name would silently mean the default, so it is told, but does not stop anything. */
function findUnknownSettings(id: string, node: FlowNode, description: NodeTypeDescription): readonly Problem[] {
  const { properties } = description.settingsSchema;
  if (typeof properties !== 'object' || properties === null) return [];
  const title = nameNode(node, description);
  return Object.keys(node.settings)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({
      code: 'invalid-settings',
      severity: 'warning',
      node: id,
      path: formatJsonPointer(['nodes', id, 'settings', name]),
      message: {
        en: `“${title.en}” has no setting “${name}”. It is ignored; check its spelling, or remove it.`,
        ja: `「${title.ja}」に「${name}」という設定はないため、無視されます。つづりを確認するか、削除してください。`,
      },
    }));
}

/** What a person calls the node: its own title, or that of its type. */
export function nameNode(node: Pick<FlowNode, 'title'>, description: NodeTypeDescription): { en: string; ja: string } {
  return node.title ? { en: node.title, ja: node.title } : description.title;
}

function nameSetting(description: NodeTypeDescription, path: readonly (string | number)[]) {
  const [name, ...rest] = path;
  if (name === undefined) return { en: 'settings', ja: '設定' };
  const text = description.settingTexts[name];
  const title = text?.title ?? { en: String(name), ja: String(name) };
  if (rest.length === 0) return title;
  // People count from 1.
  const steps = rest.map((step) => {
    const plain = String(typeof step === 'number' ? step + 1 : step);
    return text?.entries?.[step]?.title ?? { en: plain, ja: plain };
  });
  return {
    en: [title, ...steps].map(({ en }) => en).join(' › '),
    ja: [title, ...steps].map(({ ja }) => ja).join(' › '),
  };
}

/** Null where zod cannot read the schema back; then only the server, which has the original, can check. */
function compileSettingsSchema(description: NodeTypeDescription): SettingsSchema | null {
  const known = compiled.get(description);
  if (known !== undefined) return known;
  const schema = readJsonSchema(description);
  compiled.set(description, schema);
  return schema;
}

/**
 * `z.fromJSONSchema` compiles patterns without the flag `u` that JSON Schema asks for, so that `\\p{L}` would mean the
 * letter p; patterns are therefore taken out and checked here.
 */
function readJsonSchema({ settingsSchema }: NodeTypeDescription): SettingsSchema | null {
  const { properties } = settingsSchema;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return null;
  const patterns = new Map<string, RegExp>();
  const plain: Record<string, JsonValue> = {};
  for (const [name, property] of Object.entries(properties)) {
    plain[name] = property;
    if (typeof property !== 'object' || property === null || Array.isArray(property)) continue;
    const { pattern, ...rest } = property;
    if (typeof pattern !== 'string') continue;
    patterns.set(name, new RegExp(pattern, 'u'));
    plain[name] = rest;
  }
  const schema: JsonSchema = { ...settingsSchema, properties: plain };
  try {
    return z.fromJSONSchema(schema).superRefine((settings, context) => {
      for (const [name, pattern] of patterns) {
        const value = readValue(settings, [name]);
        if (typeof value !== 'string' || pattern.test(value)) continue;
        context.addIssue({ code: 'invalid_format', format: 'regex', path: [name], input: value });
      }
    });
  } catch {
    return null;
  }
}

function readValue(settings: unknown, path: readonly (string | number)[]): unknown {
  let value = settings;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
