import type { LocalisedText } from '@kumiki/flow';
import type { AssistantChoice } from './choose-assistant.ts';

const shownNames = 8;

/** What reports say of data sets. */
export const findings = {
  assistant: (by: AssistantChoice['by'], names: readonly string[]): LocalisedText => {
    const shown = names.slice(0, shownNames).join(', ') + (names.length > shownNames ? ', …' : '');
    switch (by) {
      case 'setting':
        return { en: `The assistant, as set: ${shown}.`, ja: `アシスタント役（設定による指定）：${shown}` };
      case 'role':
        return {
          en: 'The assistant is who has that role in the source.',
          ja: 'アシスタント役：元データで assistant とされている発言',
        };
      case 'name':
        return { en: `The assistant, found by name: ${shown}.`, ja: `アシスタント役（名前から判断）：${shown}` };
      case 'presence':
        return {
          en: `The assistant, found as the one who takes part in most conversations: ${shown}.`,
          ja: `アシスタント役（多くの会話に共通する話者と判断）：${shown}`,
        };
    }
  },
  statistics: (answers: number, tokens: readonly number[]): LocalisedText => {
    const sorted = tokens.toSorted((one, other) => one - other);
    const total = sorted.reduce((sum, one) => sum + one, 0);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const longest = sorted.at(-1) ?? 0;
    return {
      en: `${answers} answers to learn in ${tokens.length} examples. Estimated tokens: ${total} in all, ${median} in the middle, ${longest} in the longest.`,
      ja: `学習する回答は ${answers} 件（例は ${tokens.length} 件）です。推定トークン数は合計 ${total}、中央値 ${median}、最長 ${longest} です。`,
    };
  },
  masked: (label: string): LocalisedText => ({ en: `Masked: ${label}.`, ja: `伏せた個人情報：${label}` }),
  moved: {
    en: 'Examples that are on another side of the split than before.',
    ja: '学習用と評価用の分け方が変わった例です。',
  },
  passages: {
    given: {
      en: 'Examples with their right passage among others.',
      ja: '正解の抜粋を、ほかの抜粋と一緒に添えた例です。',
    },
    held: {
      en: 'Examples whose right passage was held back, as the share says.',
      ja: '正解の抜粋を、設定した割合に従って入れなかった例です。',
    },
    unknown: {
      en: 'Examples for which no right passage was found.',
      ja: '正解の抜粋が見つからなかった例です。',
    },
  },
  passagesForLast: {
    en: 'Examples with several answers get passages for the last question only. Make one example of each answer before this.',
    ja: '回答が複数ある例では、最後の質問にだけ抜粋を添えます。手前の部品で「回答ごと」に分けることをおすすめします。',
  },
  merged: {
    en: 'Turns in a row by the same side were put together.',
    ja: '同じ側の連続した発言を 1 つにまとめました。',
  },
  empty: { en: 'Turns without text were left out.', ja: '本文のない発言を除きました。' },
  opening: {
    en: 'Turns of the assistant before anybody asked were left out.',
    ja: '質問より前のアシスタント役の発言を除きました。',
  },
  shortAnswer: {
    en: 'Answers shorter than what is set are not learnt.',
    ja: '設定より短い回答は学習しません。',
  },
  noAnswer: {
    en: 'There is no answer of the assistant to learn, so the conversation was left out.',
    ja: '学習できるアシスタント役の回答がないため、会話を除きました。',
  },
  tooLong: (maximum: number): LocalisedText => ({
    en: `Question and answer alone have more than ${maximum} tokens, so they were left out.`,
    ja: `質問と回答だけで ${maximum} トークンを超えるため、除きました。`,
  }),
  duplicate: { en: 'The same example was there before.', ja: '同じ例がすでにあるため、除きました。' },
  nearDuplicate: { en: 'Nearly the same example was there before.', ja: 'よく似た例がすでにあるため、除きました。' },
} as const;
