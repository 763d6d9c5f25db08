import './configure-zod.ts';
import { z } from 'zod';
import type { LocalisedText } from './node-type-description.ts';

/**
 * Says what is wrong with a setting's value or a place of a flow file, to stand after its name: `“Limit” of “Search” must be at most 100.` and
 * `「検索」の「件数」は 100 以下にしてください。` zod's own locales speak of types and origins, which users do not know.
 */
export function describeSettingIssue(issue: z.core.$ZodIssue): LocalisedText {
  switch (issue.code) {
    case 'too_big':
      return describeMaximum(issue);
    case 'too_small':
      return describeMinimum(issue);
    case 'invalid_type':
      return describeType(issue.expected);
    case 'invalid_value':
      return {
        en: `must be one of: ${issue.values.map(String).join(', ')}`,
        ja: `は次のいずれかにしてください：${issue.values.map(String).join('、')}`,
      };
    case 'not_multiple_of':
      return {
        en: `must be a multiple of ${issue.divisor}`,
        ja: `は ${issue.divisor} の倍数にしてください`,
      };
    case 'invalid_format':
      return {
        en: `is not written as it must be (${issue.format})`,
        ja: `の書き方が正しくありません（${issue.format}）`,
      };
    case 'unrecognized_keys':
      return {
        en: `has unknown entries: ${issue.keys.join(', ')}`,
        ja: `に知らない項目があります：${issue.keys.join('、')}`,
      };
    case 'custom':
      return describeRefinement(issue);
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return { en: 'has a value that cannot be used here', ja: 'はここでは使えない値です' };
    default:
      return { en: 'has a value that cannot be used here', ja: 'はここでは使えない値です' };
  }
}

const refinementTexts = z.object({ en: z.string(), ja: z.string() });

/** The words of a refinement come from the node type: `params: { en, ja }`, or a message for both languages. */
function describeRefinement({ params, message }: z.core.$ZodIssueCustom): LocalisedText {
  const texts = refinementTexts.safeParse(params).data ?? { en: message, ja: message };
  return { en: `cannot be used as it is: ${texts.en}`, ja: `はこのままでは使えません（${texts.ja}）` };
}

function describeMaximum({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): LocalisedText {
  if (origin === 'string') {
    return { en: `must have at most ${maximum} characters`, ja: `は ${maximum} 文字以内にしてください` };
  }
  if (origin === 'array' || origin === 'set') {
    return { en: `must have at most ${maximum} entries`, ja: `は ${maximum} 件以内にしてください` };
  }
  return inclusive === false
    ? { en: `must be less than ${maximum}`, ja: `は ${maximum} 未満にしてください` }
    : { en: `must be at most ${maximum}`, ja: `は ${maximum} 以下にしてください` };
}

function describeMinimum({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): LocalisedText {
  if (origin === 'string') {
    return { en: `must have at least ${minimum} characters`, ja: `は ${minimum} 文字以上にしてください` };
  }
  if (origin === 'array' || origin === 'set') {
    return { en: `must have at least ${minimum} entries`, ja: `は ${minimum} 件以上にしてください` };
  }
  return inclusive === false
    ? { en: `must be more than ${minimum}`, ja: `は ${minimum} より大きくしてください` }
    : { en: `must be at least ${minimum}`, ja: `は ${minimum} 以上にしてください` };
}

const typeNames: Readonly<Record<string, LocalisedText>> = {
  string: { en: 'a text', ja: '文字' },
  number: { en: 'a number', ja: '数値' },
  int: { en: 'a whole number', ja: '整数' },
  boolean: { en: 'true or false', ja: 'オンかオフ' },
  array: { en: 'a list', ja: '一覧' },
  object: { en: 'a group of values', ja: '値の組' },
  record: { en: 'a group of values', ja: '値の組' },
};

function describeType(expected: string): LocalisedText {
  const name = typeNames[expected] ?? { en: expected, ja: expected };
  return { en: `must be ${name.en}`, ja: `は${name.ja}にしてください` };
}
