import { defineNode, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { singleValueKinds } from './value-kinds.ts';

const inputNames = ['first', 'second', 'third', 'fourth'] as const;

/** Joins branches: the first value that was not skipped goes on. */
export const firstNode = defineNode({
  type: 'logic/first',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'First value', ja: '最初の値' },
  description: {
    en: 'Joins branches: passes on the topmost value that was not skipped.',
    ja: '分かれた流れを合わせます。上から順に見て、省略されなかった最初の値を渡します。',
  },
  settings: z.object({}),
  settingTexts: {},
  inputs: {
    first: port.oneOf(singleValueKinds, { required: false, title: { en: '1st', ja: '1 番目' } }),
    second: port.oneOf(singleValueKinds, { required: false, title: { en: '2nd', ja: '2 番目' } }),
    third: port.oneOf(singleValueKinds, { required: false, title: { en: '3rd', ja: '3 番目' } }),
    fourth: port.oneOf(singleValueKinds, { required: false, title: { en: '4th', ja: '4 番目' } }),
  },
  outputs: { value: port.oneOf(singleValueKinds, { title: { en: 'value', ja: '値' } }) },
  portRules: [{ rule: 'same-kind', outputs: ['value'], inputs: inputNames }],
  async run({ inputs }) {
    const value = inputNames.map((name) => inputs[name]).find((candidate) => candidate !== undefined);
    return value === undefined ? {} : { value };
  },
});
