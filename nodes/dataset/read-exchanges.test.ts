import type { Conversation } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { readExchanges } from './read-exchanges.ts';

function hold(
  id: string,
  ...said: readonly (readonly ['user' | 'assistant', string])[]
): { conversation: Conversation } {
  const utterances = said.map(([role, text]) => ({ speaker: '', role, text, at: null }));
  return { conversation: { id, utterances, line: 1 } };
}

describe('exchanges of conversations', () => {
  it('are the first question with its answer, whoever opened the conversation', () => {
    const asked = hold(
      'a',
      ['user', '料金は？'],
      ['assistant', '月 500 円です。'],
      ['user', '税込？'],
      ['assistant', 'はい。'],
    );
    const greeted = hold(
      'b',
      ['assistant', 'ご用件は？'],
      ['user', '解約したい'],
      ['assistant', '画面から手続きできます。'],
    );
    const read = readExchanges([asked, greeted]);
    expect(read?.exchanges).toEqual([
      { source: asked, question: '料金は？', answer: '月 500 円です。' },
      { source: greeted, question: '解約したい', answer: '画面から手続きできます。' },
    ]);
  });

  it('are missing where nobody answered', () => {
    const left = hold('a', ['user', 'もしもし']);
    const other = hold('b', ['user', '料金は？'], ['assistant', '500 円です。']);
    expect(readExchanges([left, other])).toMatchObject({ exchanges: [{ source: other }], unanswered: [left] });
  });

  it('are not guessed where nobody can tell who answers', () => {
    const said = ['甲', '乙'].map((speaker) => ({ speaker, role: null, text: 'こんにちは', at: null }));
    expect(readExchanges([{ conversation: { id: 'a', utterances: said, line: null } }])).toBeNull();
  });
});
