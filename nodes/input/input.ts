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
    en: 'Takes a value from the request, such as the question. Everything it reaches runs anew for every request.',
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
      options: {
        text: { en: 'Text', ja: 'テキスト' },
        number: { en: 'Number', ja: '数値' },
        boolean: { en: 'True or false', ja: '真偽' },
        json: { en: 'JSON', ja: 'JSON' },
        messages: { en: 'Conversation so far', ja: 'これまでの会話' },
        file: { en: 'File', ja: 'ファイル' },
      },
    },
    title: {
      title: { en: 'Label', ja: '見出し' },
      description: { en: 'What people see above the field.', ja: '入力欄の上に表示されます。' },
    },
    example: {
      title: { en: 'Example', ja: '入力例' },
      description: {
        en: 'Fills the field when the flow is tried out. For kinds other than text, write it as JSON.',
        ja: '試すときに入力欄へ入ります。テキスト以外の種類では JSON で書きます。',
      },
      widget: 'textarea',
    },
  },
  headline: 'name',
  initial: { name: 'question', title: '質問' },
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
  if (!parsed.success) {
    throw new KumikiError({
      code: 'input-wrong-kind',
      message: {
        en: `The input “${settings.name}” must be of kind ${settings.kind}, and what was sent is not. Correct the request or the kind in the node’s settings.`,
        ja: `入力「${settings.name}」の種類は ${settings.kind} ですが、送られた値が合っていません。リクエストの値か、部品の設定の種類を直してください。`,
      },
      status: 400,
      node,
      path,
      cause: parsed.error,
    });
  }
  return parsed.data;
}
