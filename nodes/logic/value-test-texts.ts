import type { LocalisedText } from '@kumiki/flow';
import { KumikiError } from '@kumiki/node-sdk';
import type { ValueTest } from './test-value.ts';

/** Names of the tests, for the settings of every node that asks them. */
export const valueTestTexts: Readonly<Record<ValueTest, LocalisedText>> = {
  'is-true': { en: 'is true', ja: '真である' },
  'is-not-empty': { en: 'is not empty', ja: '空ではない' },
  equals: { en: 'equals', ja: '比べる値と等しい' },
  contains: { en: 'contains', ja: '比べる値を含む' },
  'is-greater': { en: 'is greater than', ja: '比べる値より大きい' },
  'is-less': { en: 'is less than', ja: '比べる値より小さい' },
};

/** Only two of the tests look at the value alone. */
export const operandDescription: LocalisedText = {
  en: 'Not needed for “is true” and “is not empty”.',
  ja: '「真である」「空ではない」では使いません。',
};

export function refuseTest(test: ValueTest, node: string): KumikiError {
  return new KumikiError({
    code: 'condition-wrong-kind',
    message: {
      en: `The test “${valueTestTexts[test].en}” of “${node}” does not fit the value that arrived. Choose another test, or connect another value.`,
      ja: `「${node}」の調べ方「${valueTestTexts[test].ja}」は、届いた値には使えません。別の調べ方を選ぶか、別の値をつないでください。`,
    },
    status: 422,
    node,
  });
}
