import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { testValue, valueTests } from './test-value.ts';
import { singleValueKinds } from './value-kinds.ts';
import { operandDescription, refuseTest, valueTestTexts } from './value-test-texts.ts';

/** Passes a value on to one of two branches; what hangs on the other alone is skipped. */
export const ifNode = defineNode({
  type: 'logic/if',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'If', ja: '条件分岐' },
  description: {
    en: 'Passes the value on to “then” or “else”. The other branch is skipped.',
    ja: '条件に合えば「合うとき」へ、合わなければ「合わないとき」へ値を渡します。もう一方は省略されます。',
  },
  settings: z.object({
    test: z.enum(valueTests).default('is-not-empty'),
    operand: z.string().max(10_000).default(''),
  }),
  settingTexts: {
    test: {
      title: { en: 'Test', ja: '調べ方' },
      description: {
        en: 'Tests the condition where one is connected, otherwise the value itself.',
        ja: '「条件」がつながっていればその値を、つながっていなければ渡す値そのものを調べます。',
      },
      options: valueTestTexts,
    },
    operand: {
      title: { en: 'Compared with', ja: '比べる値' },
      description: operandDescription,
    },
  },
  headline: 'test',
  inputs: {
    value: port.oneOf(singleValueKinds, { title: { en: 'value', ja: '値' } }),
    condition: port.oneOf(singleValueKinds, {
      required: false,
      acceptsSkipped: true,
      title: { en: 'condition', ja: '条件' },
    }),
  },
  outputs: {
    // biome-ignore lint/suspicious/noThenProperty: a port's name; the object is never awaited.
    then: port.oneOf(singleValueKinds, { title: { en: 'then', ja: '合うとき' } }),
    else: port.oneOf(singleValueKinds, { title: { en: 'else', ja: '合わないとき' } }),
  },
  portRules: [{ rule: 'same-kind', outputs: ['then', 'else'], inputs: ['value'] }],
  async run({ settings, inputs, context }) {
    // A condition that is connected and was skipped is there as `undefined`: it holds for nothing.
    const tested = Object.hasOwn(inputs, 'condition') ? inputs.condition : inputs.value;
    const holds = tested === undefined ? false : testValue(tested, settings.test, settings.operand);
    if (holds === null) throw refuseTest(settings.test, context.node);
    // biome-ignore lint/suspicious/noThenProperty: a value is never a function, so the object is no promise.
    return holds ? { then: inputs.value } : { else: inputs.value };
  },
});
