import type { JsonValue } from '@kumiki/flow';
import { defineNode, type PortValue, port } from '@kumiki/node-sdk';
import { z } from 'zod';
import { singleValueKinds } from '../logic/value-kinds.ts';
import { createCitationFilter, createPassThrough } from './citation-filter.ts';
import { type Citation, resolveCitations } from './citations.ts';

/**
 * One arm: what a caller gets. `result` is `{ value, citations }`; the engine takes it as the arm's answer. Where what
 * leads here was skipped, the answer is the text of `whenNothing`, or, without one, the output is skipped.
 */
export const output = defineNode({
  type: 'output',
  version: 1,
  behaviour: 1,
  effect: 'pure',
  title: { en: 'Output', ja: '出力' },
  description: {
    en: 'What the caller gets: one way to answer (an arm). With passages connected, the answer carries checked citations.',
    ja: '呼び出し元に返す回答です。答え方の 1 つ（案）になります。抜粋をつなぐと、照合した引用が回答に付きます。',
  },
  settings: z.object({
    name: z
      .string()
      .max(64)
      .regex(/^[\p{L}_][\p{L}\p{N}_ -]*$/u)
      .default('answer'),
    whenNothing: z.string().max(10_000).default(''),
    citations: z.boolean().default(true),
  }),
  settingTexts: {
    name: {
      title: { en: 'Name of the arm', ja: '案の名前' },
      description: {
        en: 'Names this way to answer in comparisons and when publishing.',
        ja: '比較や公開のときに、この答え方を指す名前です。',
      },
    },
    whenNothing: {
      title: { en: 'When nothing was found', ja: '何も見つからないとき' },
      description: {
        en: 'The answer where the nodes before were skipped, for instance because no passage was similar enough. Empty: no answer at all.',
        ja: '近い抜粋がないなどの理由で手前の部品が省略されたときの回答です。空欄にすると何も返しません。',
      },
      widget: 'textarea',
    },
    citations: {
      title: { en: 'Citations', ja: '引用を付ける' },
      description: {
        en: 'Checks the numbers that the model wrote, such as [1], against the passages, and removes those that point nowhere.',
        ja: 'モデルが書いた [1] などの番号を抜粋と照らし合わせ、対応する抜粋のない番号は取り除きます。',
      },
    },
  },
  headline: 'name',
  initialTexts: {
    whenNothing: {
      en: 'I am sorry, the documents at hand do not answer this.',
      ja: '申し訳ありません。手元の資料からは分かりませんでした。',
    },
  },
  inputs: {
    value: port.oneOf(singleValueKinds, { acceptsSkipped: true, title: { en: 'answer', ja: '回答' } }),
    passages: port.passages({ required: false }),
  },
  outputs: { result: port.json({ title: { en: 'result', ja: '結果' } }) },
  async run({ settings, inputs }) {
    return answer(inputs.value, inputs.passages ?? null, settings);
  },
  filterText({ settings, passages }) {
    return settings.citations && passages !== null ? createCitationFilter(passages.length) : createPassThrough();
  },
});

function answer(
  value: PortValue | undefined,
  passages: Parameters<typeof resolveCitations>[1] | null,
  settings: { readonly whenNothing: string; readonly citations: boolean },
) {
  if (value === undefined) {
    return settings.whenNothing === '' ? {} : { result: { value: settings.whenNothing, citations: [] } };
  }
  if (typeof value === 'string' && settings.citations && passages !== null) {
    const { text, citations } = resolveCitations(value, passages);
    return { result: toJson({ value: text, citations }) };
  }
  return { result: toJson({ value, citations: [] }) };
}

/** Every kind that arrives here is JSON already: to parse each answer again took a tenth of a request. */
function toJson(result: { readonly value: PortValue; readonly citations: readonly Citation[] }): JsonValue {
  return result as unknown as JsonValue;
}
