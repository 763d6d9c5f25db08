import type { LocalisedText } from '@kumiki/flow';
import type { UnreadableRow, Utterance } from '@kumiki/node-sdk';
import { readRole } from './messages.ts';
import { readTime } from './read-time.ts';
import { type DataRecord, makeUtterance, type ReadConversation } from './records.ts';

/** Names of columns as a person gives them; empty ones are found by their usual names. */
export type TableColumns = {
  readonly text: string;
  readonly speaker: string;
  readonly time: string;
  readonly conversation: string;
  readonly question: string;
  readonly answer: string;
};

/** What columns are called where nobody asked anybody, compared in NFKC and lower case, without spaces, `_` and `-`. */
const usualNames = {
  question: [
    'question',
    'prompt',
    'query',
    'input',
    'user',
    'human',
    '質問',
    '質問文',
    '問い合わせ',
    'お問い合わせ',
    '問合せ',
    '問い',
    'q',
  ],
  answer: [
    'answer',
    'completion',
    'response',
    'reply',
    'output',
    'assistant',
    '回答',
    '回答文',
    '返信',
    '応答',
    '答え',
    'a',
  ],
  text: [
    'text',
    'message',
    'body',
    'content',
    'utterance',
    'メッセージ',
    '本文',
    '発言',
    '発話',
    '内容',
    'テキスト',
    'コメント',
  ],
  speaker: [
    'speaker',
    'role',
    'author',
    'sender',
    'from',
    'name',
    'user',
    'username',
    '話者',
    '発言者',
    '送信者',
    '投稿者',
    '担当',
    '氏名',
    '名前',
    '役割',
  ],
  time: [
    'time',
    'timestamp',
    'date',
    'datetime',
    'createdat',
    'sentat',
    '日時',
    '時刻',
    '送信日時',
    '投稿日時',
    '受信日時',
    '日付',
  ],
  conversation: [
    'conversation',
    'conversationid',
    'thread',
    'threadid',
    'session',
    'sessionid',
    'ticket',
    'ticketid',
    'dialogueid',
    'dialogid',
    'chatid',
    '会話id',
    '会話',
    '問い合わせ番号',
    '問合せ番号',
    'チケット番号',
    'セッション',
    'スレッド',
  ],
} as const satisfies Record<keyof TableColumns, readonly string[]>;

/** What the columns of a table mean: an utterance in each row, or a question with its answer. */
export type TableLayout =
  | {
      readonly rows: 'utterances';
      readonly text: string;
      readonly speaker: string;
      readonly time: string | null;
      readonly conversation: string | null;
    }
  | { readonly rows: 'pairs'; readonly question: string; readonly answer: string };

/**
 * Finds out what the columns mean. What a person named counts before all else; a named column that is not there is no
 * layout. Null where neither texts with speakers nor questions with answers are found.
 */
export function findTableLayout(names: readonly string[], columns: TableColumns): TableLayout | null {
  const find = (meaning: keyof TableColumns): string | null => {
    const own = columns[meaning].trim();
    if (own !== '') return names.find((name) => foldName(name) === foldName(own)) ?? null;
    const usual = usualNames[meaning];
    // In the order of the names, so that `text` goes before `content` where a table has both.
    for (const name of usual) {
      const found = names.find((one) => foldName(one) === name);
      if (found !== undefined) return found;
    }
    return null;
  };
  const [question, answer] = [find('question'), find('answer')];
  const asksPairs = columns.question.trim() !== '' || columns.answer.trim() !== '';
  const asksUtterances = columns.text.trim() !== '' || columns.speaker.trim() !== '';
  if (question !== null && answer !== null && question !== answer && !asksUtterances)
    return { rows: 'pairs', question, answer };
  const [text, speaker] = [find('text'), find('speaker')];
  if (text === null || speaker === null || text === speaker || asksPairs) return null;
  return { rows: 'utterances', text, speaker, time: find('time'), conversation: find('conversation') };
}

function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

type TableRecord = DataRecord & { readonly value: Readonly<Record<string, unknown>> };

export function isTableRecord(record: DataRecord): record is TableRecord {
  return typeof record.value === 'object' && record.value !== null && !Array.isArray(record.value);
}

/** Rows as conversations. Those of utterances belong together by their column, or all to one where there is none. */
export function readTable(
  records: readonly DataRecord[],
  layout: TableLayout,
  zone: string,
): { readonly conversations: readonly ReadConversation[]; readonly unreadable: readonly UnreadableRow[] } {
  const unreadable: UnreadableRow[] = [];
  const conversations = new Map<string, { id: string | null; line: number | null; utterances: Utterance[] }>();
  for (const [place, record] of records.entries()) {
    const { line } = record;
    if (!isTableRecord(record)) {
      unreadable.push({ line, reason: { en: 'It is not a row of a table.', ja: '表の行になっていません。' } });
      continue;
    }
    const read = layout.rows === 'pairs' ? readPair(record, layout) : readUtterance(record, layout, zone);
    if ('reason' in read) {
      unreadable.push({ line, reason: read.reason });
      continue;
    }
    const id = layout.rows === 'pairs' ? null : read.conversation;
    const key = layout.rows === 'pairs' ? `row ${place}` : (id ?? '');
    const conversation = conversations.get(key) ?? { id, line, utterances: [] };
    conversation.utterances.push(...read.utterances);
    conversations.set(key, conversation);
  }
  return { conversations: [...conversations.values()], unreadable };
}

type ReadRow =
  | { readonly utterances: readonly Utterance[]; readonly conversation: string | null }
  | { readonly reason: LocalisedText };

function readPair({ value }: TableRecord, layout: Extract<TableLayout, { rows: 'pairs' }>): ReadRow {
  const question = readCell(value[layout.question]);
  const answer = readCell(value[layout.answer]);
  if (question === '') return { reason: emptyCell(layout.question) };
  if (answer === '') return { reason: emptyCell(layout.answer) };
  const utterances = [
    makeUtterance({ role: 'user', text: question }),
    makeUtterance({ role: 'assistant', text: answer }),
  ];
  return { utterances, conversation: null };
}

function readUtterance(
  { value }: TableRecord,
  layout: Extract<TableLayout, { rows: 'utterances' }>,
  zone: string,
): ReadRow {
  const text = readCell(value[layout.text]);
  if (text === '') return { reason: emptyCell(layout.text) };
  const speaker = readCell(value[layout.speaker]);
  const at = layout.time === null ? null : readTime(value[layout.time], zone);
  const conversation = layout.conversation === null ? null : readCell(value[layout.conversation]);
  if (conversation === '') return { reason: emptyCell(layout.conversation ?? '') };
  return { utterances: [makeUtterance({ text, speaker, role: readRole(speaker), at })], conversation };
}

function readCell(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

function emptyCell(column: string): LocalisedText {
  return { en: `The column “${column}” is empty.`, ja: `「${column}」の列が空です。` };
}
