import type { PortKind } from '@kumiki/flow';
import { defineNode, KumikiError, type PortValue, port } from '@kumiki/node-sdk';
import { z } from 'zod';

const kindSchemas = {
  text: z.string(),
  number: z.number(),
  boolean: z.boolean(),
  json: z.json(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  file: z.object({
    name: z.string().min(1),
    mediaType: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(0),
  }),
} satisfies Partial<Record<PortKind, z.ZodType>>;

const kinds = ['text', 'number', 'boolean', 'json', 'messages', 'file'] as const;

const kindNames = {
  text: { en: 'Text', ja: 'テキスト' },
  number: { en: 'Number', ja: '数値' },
  boolean: { en: 'True/false', ja: '真偽' },
  json: { en: 'JSON', ja: 'JSON' },
  messages: { en: 'Messages', ja: '会話文' },
  file: { en: 'File', ja: 'ファイル' },
};

/**
 * What a request brings in. The engine looks the value up in the request's inputs by the setting `name` and hands it
 * over as the variable `value`. Throws `input-missing` and `input-wrong-kind`, both with status 400.
 */
export const input = defineNode({
  type: 'input',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Input', ja: '入力' },
  description: {
    en: 'Takes a value from the request, such as the question. Everything that it reaches runs for every request.',
    ja: '質問など、リクエストで渡される値を受け取ります。ここからつながる部品は、リクエストのたびに実行されます。',
  },
  settings: z.object({
    name: z
      .string()
      .max(64)
      .regex(/^[\p{L}_][\p{L}\p{N}_-]*$/u),
    kind: z.enum(kinds).default('text'),
    title: z.string().max(120).default(''),
    example: z.string().max(10_000).default(''),
  }),
  settingTexts: {
    name: {
      title: { en: 'Name', ja: '名前' },
      description: {
        en: 'The name under which a request sends the value.',
        ja: 'リクエストで値を渡すときの名前です。',
      },
    },
    kind: {
      title: { en: 'Kind', ja: '種類' },
      options: kindNames,
    },
    title: {
      title: { en: 'Label', ja: '見出し' },
      description: { en: 'Shown above the field when people ask.', ja: '質問するときの入力欄の上に表示します。' },
    },
    example: {
      title: { en: 'Example', ja: '入力例' },
      description: {
        en: 'Offered in the field when people ask. Kinds other than text are written as JSON.',
        ja: '質問するときに例として使えます。テキスト以外の種類では JSON で書きます。',
      },
      widget: 'textarea',
    },
  },
  headline: 'name',
  initial: { name: 'question' },
  initialTexts: { title: { en: 'Question', ja: '質問' } },
  inputs: {},
  outputs: { value: port.oneOf(kinds, { title: { en: 'value', ja: '値' } }) },
  portRules: [{ rule: 'kind-from-setting', output: 'value', setting: 'kind' }],
  async run({ settings, variables, context }) {
    return { value: parseInput(variables.value, settings, context.node) };
  },
});

function parseInput(
  value: PortValue | undefined,
  settings: { name: string; kind: (typeof kinds)[number] },
  node: string,
) {
  const path = `/inputs/${settings.name}`;
  if (value === undefined) {
    throw new KumikiError({
      code: 'input-missing',
      message: {
        en: `The request has no value for the input “${settings.name}”. Send it under \`inputs.${settings.name}\`.`,
        ja: `リクエストに入力「${settings.name}」の値がありません。\`inputs.${settings.name}\` に値を入れて送ってください。`,
      },
      status: 400,
      node,
      path,
    });
  }
  const parsed = kindSchemas[settings.kind].safeParse(value);
  const kind = kindNames[settings.kind];
  if (!parsed.success) {
    throw new KumikiError({
      code: 'input-wrong-kind',
      message: {
        en: `The input “${settings.name}” is of the kind “${kind.en}”, and the value in the request is not. Correct the request, or the kind in the settings of the node.`,
        ja: `入力「${settings.name}」の種類は「${kind.ja}」ですが、リクエストの値が合っていません。リクエストの値か、部品の設定の種類を直してください。`,
      },
      status: 400,
      node,
      path,
      cause: parsed.error,
    });
  }
  return parsed.data;
}
