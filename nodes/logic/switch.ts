import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { testValue, valueTests } from './test-value.ts';
import { singleValueKinds } from './value-kinds.ts';
import { operandDescription, refuseTest, valueTestTexts } from './value-test-texts.ts';

const caseSchema = z.object({
  name: z.string().min(1).max(64).normalize('NFC'),
  test: z.enum(valueTests).default('equals'),
  operand: z.string().max(10_000).default(''),
});

/** Passes a value on to the first case that holds, or to `else`; what hangs on the others alone is skipped. */
export const switchNode = defineNode({
  type: 'logic/switch',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Switch', ja: '場合分け' },
  description: {
    en: 'Passes the value on to the first case that holds, or to “else”. The other branches are skipped.',
    ja: '上から順に調べ、最初に当てはまった分岐へ値を渡します。どれにも当てはまらなければ「それ以外」へ渡します。ほかの出力は省略されます。',
  },
  settings: z.object({ cases: z.array(caseSchema).min(1).max(20) }),
  settingTexts: {
    cases: {
      title: { en: 'Cases', ja: '分岐' },
      description: {
        en: 'Asked from the top. Each becomes an output of its name.',
        ja: '上から順に調べます。それぞれが、その名前の出力になります。',
      },
      entries: {
        name: { title: { en: 'Output', ja: '出力の名前' } },
        test: {
          title: { en: 'Test', ja: '調べ方' },
          description: {
            en: 'Tests the condition where one is connected, otherwise the value itself.',
            ja: '「条件」がつながっていればその値を、つながっていなければ渡す値そのものを調べます。',
          },
          options: valueTestTexts,
        },
        operand: { title: { en: 'Compared with', ja: '比べる値' }, description: operandDescription },
      },
    },
  },
  initial: { cases: [{ name: 'a', test: 'equals', operand: '' }] },
  inputs: {
    value: port.oneOf(singleValueKinds, { title: { en: 'value', ja: '値' } }),
    condition: port.oneOf(singleValueKinds, {
      required: false,
      acceptsSkipped: true,
      title: { en: 'condition', ja: '条件' },
    }),
  },
  outputs: { else: port.oneOf(singleValueKinds, { title: { en: 'else', ja: 'それ以外' } }) },
  portRules: [
    { rule: 'same-kind', outputs: ['else'], inputs: ['value'] },
    { rule: 'outputs-from-list', setting: 'cases', property: 'name', like: 'else' },
  ],
  async run({ settings, inputs, context }) {
    const { value } = inputs;
    // A condition that is connected and was skipped is there as `undefined`: it holds for nothing.
    const tested = Object.hasOwn(inputs, 'condition') ? inputs.condition : value;
    if (tested === undefined) return { else: value };
    for (const { name, test, operand } of settings.cases) {
      const holds = testValue(tested, test, operand);
      if (holds === null) throw refuseTest(test, context.node);
      if (holds) return { [name]: value };
    }
    return { else: value };
  },
});
