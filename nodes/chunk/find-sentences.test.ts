import { describe, expect, it } from 'vitest';
import { findSentences } from './find-sentences.ts';

const split = (text: string) =>
  findSentences(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end));

describe('findSentences', () => {
  it.each<[string, string, string[]]>([
    [
      'ends at Japanese stops',
      '今日は晴れです。明日は雨！本当ですか？はい',
      ['今日は晴れです。', '明日は雨！', '本当ですか？', 'はい'],
    ],
    ['keeps stops together', 'えっ！？まさか。。。そうです', ['えっ！？', 'まさか。。。', 'そうです']],
    [
      'takes closing brackets along',
      '彼は「行きます。」そして出た。（以上です。）次へ。',
      ['彼は「行きます。」', 'そして出た。', '（以上です。）', '次へ。'],
    ],
    ['goes on after a quotation', '彼は「はい。」と答えた。', ['彼は「はい。」と答えた。']],
    [
      'keeps a quotation of two sentences together',
      '画面に「完了しました。閉じてください。」と出ます。次です。',
      ['画面に「完了しました。閉じてください。」と出ます。', '次です。'],
    ],
    [
      'does not wait for a bracket that never closes',
      `「${'あ'.repeat(400)}。い。う。`,
      [`「${'あ'.repeat(400)}。`, 'い。', 'う。'],
    ],
    [
      'leaves an ellipsis within a sentence alone',
      'それは……たぶん、そう…です。次。',
      ['それは……たぶん、そう…です。', '次。'],
    ],
    [
      'leaves decimals alone',
      '税率は10.5%で、版は2.0.1です。次は３．５倍です。',
      ['税率は10.5%で、版は2.0.1です。', '次は３．５倍です。'],
    ],
    [
      'leaves addresses alone',
      'https://example.com/a.b?q=1&r=2 を開きます。info@example.co.jp まで。',
      ['https://example.com/a.b?q=1&r=2 を開きます。', 'info@example.co.jp まで。'],
    ],
    [
      'ends English sentences before a space',
      'It works. Does it? Yes! Version 3.5 is out.',
      ['It works.', 'Does it?', 'Yes!', 'Version 3.5 is out.'],
    ],
    [
      'knows abbreviations and initials',
      'Ask Dr. Smith, e.g. about J. Doe. Then go.',
      ['Ask Dr. Smith, e.g. about J. Doe.', 'Then go.'],
    ],
    [
      'joins lines that were wrapped by hand',
      'この文は途中で\n改行されています。次の文です。',
      ['この文は途中で\n改行されています。', '次の文です。'],
    ],
    [
      'keeps list items whole',
      '手順：\n- 開く。そして押す。\n  長い説明\n- 閉じる\n1. 一つ目。二つ目',
      ['手順：', '- 開く。そして押す。\n  長い説明', '- 閉じる', '1. 一つ目。二つ目'],
    ],
    [
      'keeps table rows whole',
      '| 名前 | 説明。続き。 |\n| --- | --- |\n品名 | 価格。税込。\n普通の文。',
      ['| 名前 | 説明。続き。 |', '| --- | --- |', '品名 | 価格。税込。', '普通の文。'],
    ],
    ['gives nothing for white space', ' \n　\t', []],
  ])('%s', (_, text, sentences) => {
    expect(split(text)).toEqual(sentences);
  });
});
