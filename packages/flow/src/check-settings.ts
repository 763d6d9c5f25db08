import { z } from 'zod';
import type { FlowNode, JsonValue } from './document.ts';
import { formatJsonPointer } from './json-pointer.ts';
import type { JsonSchema, LocalisedText, NodeTypeDescription, SettingRule } from './node-type-description.ts';
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
  const title = description.settingTexts[name]?.title ?? { en: String(name), ja: String(name) };
  if (rest.length === 0) return title;
  return { en: `${title.en} › ${rest.join(' › ')}`, ja: `${title.ja} › ${rest.join(' › ')}` };
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
