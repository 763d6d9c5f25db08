import type { FileData } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { type FormatSettings, type FoundConversations, readConversations } from './read-conversations.ts';

const noColumns = { text: '', speaker: '', time: '', conversation: '', question: '', answer: '' };
const usual: FormatSettings = { format: 'auto', zone: '+09:00', columns: noColumns };

function find(data: FileData | string, name = 'file.json', settings: Partial<FormatSettings> = {}): FoundConversations {
  const file: FileData = typeof data === 'string' ? { kind: 'text', text: data } : data;
  const found = readConversations(file, name, { ...usual, ...settings });
  if (found.format === null) throw new Error(`No format, columns: ${found.columns.join()}`);
  return found;
}

const tell = ({ conversations }: FoundConversations) =>
  conversations.map(({ utterances }) => utterances.map(({ speaker, role, text }) => `${role ?? speaker}: ${text}`));

const table = (...rows: string[][]): FileData => ({
  kind: 'tables',
  tables: [{ name: '', rows: rows.map((cells, place) => ({ line: place + 1, cells })) }],
});

describe('reading conversations', () => {
  it('takes JSON lines of messages, and lists a broken line with its number and reason', () => {
    const found = find(
      [
        '{"messages":[{"role":"system","content":"丁寧に"},{"role":"user","content":"送料は？"},{"role":"assistant","content":"500円です。"}]}',
        '{"messages":[{"role":"user","content":"返品は？"},',
        '',
        '{"messages":[{"role":"user","content":"あ"},{"role":"assistant","content":null,"tool_calls":[]}]}',
        '{"messages":[{"role":"user","content":[{"type":"text","text":"写真"}]},{"role":"assistant","content":"はい"}]}',
        '{"messages":[{"role":"user"}, 3]}',
      ].join('\n'),
    );
    expect(found.format).toBe('messages');
    expect(tell(found)).toEqual([
      ['system: 丁寧に', 'user: 送料は？', 'assistant: 500円です。'],
      ['user: 写真', 'assistant: はい'],
    ]);
    expect(found.conversations.map(({ line }) => line)).toEqual([1, 5]);
    expect(found.unreadable.map(({ line, reason }) => [line, reason.en])).toEqual([
      [2, 'It is not valid JSON.'],
      [4, 'It has a message without text, such as a tool call.'],
      [6, '“messages.1” is missing or is not what it should be.'],
    ]);
  });

  it('takes a JSON array, each element by its line, and a broken one alone is left out', () => {
    const found = find(
      '[\n  {"conversations": [{"from": "human", "value": "a, [b]"}, {"from": "gpt", "value": "c \\"}\\""}]},\n  {"conversations": [{"from": oops}]},\n  {"conversations": [\n    {"from": "human", "value": "d"}, {"from": "gpt", "value": "e"}]}\n]',
    );
    expect(found.format).toBe('sharegpt');
    expect(tell(found)).toEqual([
      ['user: a, [b]', 'assistant: c "}"'],
      ['user: d', 'assistant: e'],
    ]);
    expect(found.conversations.map(({ line }) => line)).toEqual([2, 4]);
    expect(found.unreadable.map(({ line }) => line)).toEqual([3]);
  });

  it('takes Alpaca, with an input and without', () => {
    const found = find(
      '{"instruction":"訳して","input":"cat","output":"猫"}\n{"instruction":"挨拶して","input":"","output":"こんにちは"}',
    );
    expect(found.format).toBe('alpaca');
    expect(tell(found)).toEqual([
      ['user: 訳して\n\ncat', 'assistant: 猫'],
      ['user: 挨拶して', 'assistant: こんにちは'],
    ]);
  });

  it('takes a list of utterances; seconds since the beginning are no time', () => {
    const value = {
      meta: { id: { id: 'a.001' } },
      utterances: [
        { name: 'operator_1', text: 'ご用件は？', time: 0 },
        { name: 'customer_1', text: '宿を探しています', time: 37.5 },
      ],
    };
    const found = find(JSON.stringify(value, null, 2));
    expect(found.format).toBe('utterances');
    expect(found.conversations).toEqual([
      {
        id: 'a.001',
        line: 1,
        utterances: [
          { speaker: 'operator_1', role: null, text: 'ご用件は？', at: null },
          { speaker: 'customer_1', role: null, text: '宿を探しています', at: null },
        ],
      },
    ]);
  });

  it('takes a table of utterances: rows of one conversation belong together, wherever they stand', () => {
    const found = find(
      table(
        ['チケット番号', '送信者', '日時', 'メッセージ'],
        ['7', '佐藤', '2024/01/05 10:03', '届きません'],
        ['8', '鈴木', '2024-01-05T01:04:00Z', '返品したい'],
        ['7', '窓口', '2024年1月5日 10時9分', '確認します'],
        ['8', '窓口', '', ''],
      ),
      'a.csv',
    );
    expect(found.format).toBe('table');
    expect(found.conversations).toEqual([
      {
        id: '7',
        line: 2,
        utterances: [
          { speaker: '佐藤', role: null, text: '届きません', at: '2024-01-05T10:03:00+09:00' },
          { speaker: '窓口', role: null, text: '確認します', at: '2024-01-05T10:09:00+09:00' },
        ],
      },
      {
        id: '8',
        line: 3,
        utterances: [{ speaker: '鈴木', role: null, text: '返品したい', at: '2024-01-05T10:04:00+09:00' }],
      },
    ]);
    expect(found.unreadable).toEqual([
      { line: 5, reason: { en: 'The column “メッセージ” is empty.', ja: '「メッセージ」の列が空です。' } },
    ]);
  });

  it('takes a table of questions and answers, and columns of other names that a person gives', () => {
    const pairs = table(['No', '質問', '回答'], ['1', '送料は？', '500円'], ['2', '', '？']);
    expect(tell(find(pairs))).toEqual([['user: 送料は？', 'assistant: 500円']]);
    const strange = table(['だれ', 'なに'], ['客', 'もしもし'], ['店', 'はい']);
    expect(() => find(strange)).toThrow('だれ,なに');
    const columns = { ...noColumns, speaker: 'だれ', text: 'なに' };
    expect(tell(find(strange, 'a.csv', { columns }))).toEqual([['客: もしもし', '店: はい']]);
    const lines = '{"prompt":"a","completion":"b"}\n{"prompt":"c","completion":"d"}';
    expect(tell(find(lines))).toEqual([
      ['user: a', 'assistant: b'],
      ['user: c', 'assistant: d'],
    ]);
  });

  it('names a conversation without an id after what is said in it, so that rows before it do not matter', () => {
    const row = (text: string) => JSON.stringify({ instruction: text, output: 'はい' });
    const ids = (...texts: string[]) => find(texts.map(row).join('\n')).conversations.map(({ id }) => id);
    const [alone] = ids('b');
    expect(ids('a', 'b', 'b')).toEqual([expect.any(String), alone, `${alone} (2)`]);
  });

  it('cleans texts: NFC, no NUL, no lone surrogates', () => {
    const found = find('{"instruction":"か\\u3099\\u0000\\ud800","output":" x\\r\\ny "}');
    expect(tell(found)).toEqual([['user: が\ufffd', 'assistant: x\ny']]);
  });

  it('does as it is told where the format is set', () => {
    const both = '{"messages":[{"role":"user","content":"a"}],"instruction":"b","output":"c"}';
    expect(find(both).format).toBe('messages');
    expect(tell(find(both, 'a.json', { format: 'alpaca' }))).toEqual([['user: b', 'assistant: c']]);
  });

  it('knows of what is nothing of all that', () => {
    const unknown = (text: string) => readConversations({ kind: 'text', text }, 'a.json', usual);
    expect(unknown('# 議事録\n\n本日は')).toEqual({ format: null, columns: [] });
    expect(unknown('{"a":1,"b":2}')).toEqual({ format: null, columns: ['a', 'b'] });
    expect(unknown('')).toEqual({ format: null, columns: [] });
  });
});

describe('a Slack export', () => {
  const message = (ts: string, user: string, text: string, rest: object = {}) => ({
    type: 'message',
    ts,
    user,
    text,
    ...rest,
  });
  const members = [
    {
      name: 'export/users.json',
      text: JSON.stringify([
        { id: 'U1', name: 'sato', profile: { display_name: '佐藤' } },
        { id: 'U2', real_name: '窓口' },
      ]),
    },
    { name: 'export/channels.json', text: '[{"id":"C1","name":"support"}]' },
    {
      name: 'export/support/2024-01-05.json',
      text: JSON.stringify([
        message('1704416400.000100', 'U1', '<@U2> 届きません &amp; <https://example.com/a|注文>', {
          thread_ts: '1704416400.000100',
        }),
        message('1704416500.000100', 'U1', 'さんが参加しました', { subtype: 'channel_join' }),
        message('1704416600.000100', 'U2', '<!channel> お知らせ'),
      ]),
    },
    {
      name: 'export/support/2024-01-06.json',
      text: `[${JSON.stringify(message('1704502800.000100', 'U2', '発送しました', { thread_ts: '1704416400.000100' }))}, {"type":"message","text":"no time"}]`,
    },
  ];

  it('is read as it is: people by their names, threads whole over days, notices left out', () => {
    const found = find({ kind: 'archive', members }, 'export.zip');
    expect(found.format).toBe('slack');
    expect(found.conversations).toEqual([
      {
        id: 'support',
        line: null,
        utterances: [{ speaker: '窓口', role: null, text: '@channel お知らせ', at: '2024-01-05T10:03:20+09:00' }],
      },
      {
        id: 'support 1704416400.000100',
        line: null,
        utterances: [
          {
            speaker: '佐藤',
            role: null,
            text: '@窓口 届きません & 注文 (https://example.com/a)',
            at: '2024-01-05T10:00:00+09:00',
          },
          { speaker: '窓口', role: null, text: '発送しました', at: '2024-01-06T10:00:00+09:00' },
        ],
      },
    ]);
    expect(found.unreadable).toMatchObject([
      { part: 'support', reason: { ja: '「ts」がないか、正しい値ではありません。' } },
    ]);
  });

  it('is also read day by day, with the names that messages bring', () => {
    const day = JSON.stringify([
      message('1704416600.000100', 'U9', 'はい', { user_profile: { real_name: '田中' } }),
      message('1704416601.000100', 'U9', 'どうぞ'),
    ]);
    const found = find(day, 'support/2024-01-05.json');
    expect(found.conversations.map(({ id }) => id)).toEqual(['support']);
    expect(tell(found)).toEqual([['田中: はい', '田中: どうぞ']]);
  });
});
