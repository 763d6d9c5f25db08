import { describe, expect, it } from 'vitest';
import { makeConversation } from '../testing/samples.ts';
import { chooseAssistant, readAssistantSetting } from './choose-assistant.ts';

const choose = (...talks: string[][]) => {
  const conversations = talks.map((lines, place) => makeConversation(`${place}`, lines));
  const choice = chooseAssistant(conversations);
  if (choice === null) return null;
  const matching = conversations.flatMap(({ utterances }) => utterances.filter(choice.matches).map(({ text }) => text));
  return [choice.by, ...matching];
};

describe('who the assistant is', () => {
  it('is told by roles where there are any', () => {
    expect(choose(['user: a', 'assistant: b'], ['佐藤: c', '窓口: d'])).toEqual(['role', 'b']);
  });

  it('is found by usual names, whatever their numbers', () => {
    expect(choose(['operator_1: a', 'customer_1: b'], ['customer_2: c', 'operator_12: d'])).toEqual(['name', 'a', 'd']);
    expect(choose(['佐藤: a', 'サポート窓口: b'])).toEqual(['name', 'b']);
    expect(choose(['佐藤: a', '担当 田中: b'], ['鈴木: c', '担当 田中: d'])).toEqual(['name', 'b', 'd']);
    expect(choose(['abbot: a', 'helpbot: b'], ['bob: a', 'FAQ bot: c'])).toEqual(['name', 'c']);
  });

  it('is who takes part in most conversations while the others change', () => {
    expect(choose(['佐藤: a', '山田: b'], ['鈴木: c', '山田: d'], ['高橋: e', '山田: f'])).toEqual([
      'presence',
      'b',
      'd',
      'f',
    ]);
  });

  it('is not guessed where that is unclear', () => {
    expect(choose(['佐藤: a', '山田: b'])).toBeNull();
    expect(choose(['佐藤: a', '山田: b'], ['佐藤: c', '山田: d'])).toBeNull();
    expect(choose(['支援担当: a', 'サポート: b'])).toBeNull();
  });

  it('is who a person names, with stars for anything', () => {
    const matches = (setting: string, speaker: string) =>
      readAssistantSetting(setting)?.matches({ speaker, role: null, text: '', at: null });
    expect(matches('operator_*', 'Operator_7')).toBe(true);
    expect(matches('operator_*', 'customer_7')).toBe(false);
    expect(matches('窓口、山田', '山田')).toBe(true);
    expect(matches('*担当*', '東京担当 佐藤')).toBe(true);
    expect(matches('a*a', 'a')).toBe(false);
    expect(readAssistantSetting(' , ')).toBeNull();
  });
});
