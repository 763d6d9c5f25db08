import { type Conversation, defineLoader, type NodeContext, type Stream, type UnreadableRow } from '@kumiki/node-sdk';
import { z } from 'zod';
import { formatTexts } from './conversation-formats/format-texts.ts';
import { conversationFormats } from './conversation-formats/read-conversations.ts';
import { fileSettingRule, fileSettings, fileSettingTexts, listFiles } from './list-files.ts';
import { readConversationFile } from './read-conversation-file.ts';

const column = z.string().max(200).default('');

const settings = z.object({
  ...fileSettings,
  format: z.enum(['auto', ...conversationFormats]).default('auto'),
  zone: z
    .string()
    .regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/)
    .default('+09:00'),
  textColumn: column,
  speakerColumn: column,
  timeColumn: column,
  conversationColumn: column,
  questionColumn: column,
  answerColumn: column,
});

type Settings = z.output<typeof settings>;

/**
 * Conversations of a collection, or of a folder that the operator has listed; each file is a document of one conversation
 * or many. The layout is found from what a file holds. Rows that cannot be read are told of, and the rest goes on.
 */
export const loadConversations = defineLoader({
  type: 'load/conversations',
  version: 1,
  behaviour: 1,
  loads: 'conversations',
  title: { en: 'Conversations', ja: '会話' },
  description: {
    en: 'Reads conversations from files: a Slack export (the ZIP as it is), JSON Lines or JSON of messages, ShareGPT or Alpaca, CSV, TSV and Excel.',
    ja: 'ファイルから会話を読み込みます。Slack のエクスポート（ZIP のまま）、messages・ShareGPT・Alpaca 形式の JSON と JSON Lines、CSV、TSV、Excel に対応しています。',
  },
  settings,
  settingTexts: {
    ...fileSettingTexts,
    format: {
      title: { en: 'Format', ja: '形式' },
      description: {
        en: 'Found from the contents unless it is set here. The sample of the output shows what was found.',
        ja: '指定しなければ、ファイルの中身から判別します。判別した形式は、出力のサンプルに表示します。',
      },
      options: formatTexts,
    },
    zone: {
      title: { en: 'Offset from UTC', ja: '時差（UTC から）' },
      description: {
        en: 'For times that tell no zone, such as +09:00 for Japan. All times are shown in it.',
        ja: 'タイムゾーンの書かれていない時刻に使います。日本は +09:00 です。時刻の表示もこれに合わせます。',
      },
      advanced: true,
    },
    textColumn: {
      title: { en: 'Text column', ja: '発言の列' },
      description: {
        en: 'For tables with an utterance in each row. Empty columns are found by their usual names.',
        ja: '1 行が 1 つの発言になっている表で指定します。空欄の列は、よくある列名から探します。',
      },
      advanced: true,
    },
    speakerColumn: { title: { en: 'Speaker column', ja: '話者の列' }, advanced: true },
    timeColumn: { title: { en: 'Time column', ja: '日時の列' }, advanced: true },
    conversationColumn: {
      title: { en: 'Conversation column', ja: '会話を区別する列' },
      description: {
        en: 'Rows with the same value belong together, such as a ticket number. Without one, a file is one conversation.',
        ja: '問い合わせ番号など、同じ値の行を 1 つの会話にまとめます。なければ、ファイル全体が 1 つの会話になります。',
      },
      advanced: true,
    },
    questionColumn: {
      title: { en: 'Question column', ja: '質問の列' },
      description: {
        en: 'For tables with a question and its answer in each row.',
        ja: '1 行が質問と回答の組になっている表で指定します。',
      },
      advanced: true,
    },
    answerColumn: { title: { en: 'Answer column', ja: '回答の列' }, advanced: true },
  },
  settingRules: [fileSettingRule],
  headline: 'collection',
  resources: ['cpu'],
  list: ({ settings, context }) => listFiles(settings, context),
  read: ({ settings, context, ids }) => readFiles(settings, context, ids),
});

async function* readFiles(
  settings: Settings,
  context: NodeContext,
  ids: readonly string[] | 'all',
): Stream<Conversation> {
  const listed = await listFiles(settings, context);
  const wanted = ids === 'all' ? null : new Set(ids);
  const chosen = wanted === null ? listed : listed.filter(({ id }) => wanted.has(id));
  const leftOut: { readonly name: string; readonly rows: readonly UnreadableRow[] }[] = [];
  for (const [index, entry] of chosen.entries()) {
    context.signal.throwIfAborted();
    const element = await readConversationFile(entry, settings, context);
    if ('items' in element && element.unreadable) leftOut.push({ name: entry.name, rows: element.unreadable });
    yield element;
    context.progress({ done: index + 1, total: chosen.length, unit: 'documents' });
  }
  if (leftOut.length > 0) warnUnreadable(leftOut, context);
}

const shownRows = 5;

function warnUnreadable(
  files: readonly { readonly name: string; readonly rows: readonly UnreadableRow[] }[],
  context: NodeContext,
): void {
  const all = files.flatMap(({ name, rows }) =>
    rows.map((row) => ({ ...row, name: row.part === undefined ? name : `${name}/${row.part}` })),
  );
  const shown = all.slice(0, shownRows);
  const en = shown.map(({ name, line, reason }) => `“${name}”${line === null ? '' : `, line ${line}`}: ${reason.en}`);
  const ja = shown.map(({ name, line, reason }) => `「${name}」${line === null ? '' : ` ${line} 行目`}：${reason.ja}`);
  const more = all.length - shown.length;
  context.warn({
    code: 'rows-unreadable',
    message: {
      en: [
        `${all.length} rows could not be read and were left out.`,
        ...en,
        ...(more > 0 ? [`And ${more} more.`] : []),
      ].join('\n'),
      ja: [
        `読み取れない行が ${all.length} 行あったため、除きました。`,
        ...ja,
        ...(more > 0 ? [`ほか ${more} 行`] : []),
      ].join('\n'),
    },
  });
}
