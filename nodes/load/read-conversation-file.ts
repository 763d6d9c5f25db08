import {
  type Conversation,
  KumikiError,
  type NodeContext,
  reportError,
  type StreamElement,
  type UnreadableRow,
} from '@kumiki/node-sdk';
import {
  type FormatSettings,
  readConversations,
  type UnknownLayout,
} from './conversation-formats/read-conversations.ts';
import { type FileSettings, type ListedFile, readListedFile } from './list-files.ts';

/** Settings of the nodes that read conversations out of files, apart from those of columns that a node does not ask for. */
export type ConversationFileSettings = FileSettings &
  Pick<FormatSettings, 'format' | 'zone'> & {
    readonly textColumn: string;
    readonly speakerColumn: string;
    readonly timeColumn: string;
    readonly conversationColumn: string;
    readonly questionColumn: string;
    readonly answerColumn: string;
  };

/** What may go better at the next attempt is thrown, so that the node is tried again; the rest is the document's own. */
export async function readConversationFile(
  entry: ListedFile,
  settings: ConversationFileSettings,
  context: NodeContext,
): Promise<StreamElement<Conversation>> {
  const { id, name, mediaType } = entry;
  try {
    const { content, contentHash } = await readListedFile(id, settings, context);
    const data = await context.documents.readData({ name, mediaType, content }, context.signal);
    const found = readConversations(data, name, readFormat(settings));
    if (found.format === null) throw refuseLayout(name, settings, found);
    const { format, conversations, unreadable } = found;
    if (conversations.length === 0) throw refuseEmpty(name, unreadable);
    return {
      document: { id, name, mediaType: mediaType ?? 'application/json', contentHash, metadata: { format } },
      items: conversations,
      ...(unreadable.length > 0 && { unreadable }),
    };
  } catch (error) {
    if (!(error instanceof KumikiError) || error.retryable) throw error;
    return { document: { id, name }, error: reportError(error) };
  }
}

function readFormat(settings: ConversationFileSettings): FormatSettings {
  return {
    format: settings.format,
    zone: settings.zone,
    columns: {
      text: settings.textColumn,
      speaker: settings.speakerColumn,
      time: settings.timeColumn,
      conversation: settings.conversationColumn,
      question: settings.questionColumn,
      answer: settings.answerColumn,
    },
  };
}

function refuseLayout(
  name: string,
  { format }: Pick<FormatSettings, 'format'>,
  { columns }: UnknownLayout,
): KumikiError {
  const seen = columns.slice(0, 20).join(', ');
  const tables: { en: string; ja: string } =
    columns.length === 0
      ? { en: '', ja: '' }
      : {
          en: ` It has these columns: ${seen}. Say in the settings which of them hold the text and the speaker, or the question and the answer.`,
          ja: `列は次のとおりです：${seen}。発言と話者、または質問と回答がどの列にあるかを、設定で指定してください。`,
        };
  return new KumikiError({
    code: 'conversation-format-unknown',
    status: 422,
    message:
      format === 'auto'
        ? {
            en: `“${name}” has none of the known layouts of conversations.${tables.en}`,
            ja: `「${name}」は、対応している会話の形式のどれにも当てはまりません。${tables.ja}`,
          }
        : {
            en: `“${name}” does not have the layout that is set. Set another, or let it be found.${tables.en}`,
            ja: `「${name}」は、設定された形式になっていません。形式を変えるか、自動で判別するようにしてください。${tables.ja}`,
          },
  });
}

function refuseEmpty(name: string, unreadable: readonly UnreadableRow[]): KumikiError {
  const [first] = unreadable;
  const line = first?.line ?? null;
  return new KumikiError({
    code: 'conversations-missing',
    status: 422,
    message:
      first === undefined
        ? { en: `“${name}” holds no conversation.`, ja: `「${name}」に会話がありません。` }
        : {
            en: `None of the ${unreadable.length} rows of “${name}” could be read.${line === null ? '' : ` Line ${line}:`} ${first.reason.en}`,
            ja: `「${name}」の ${unreadable.length} 行は、どれも読み取れませんでした。${line === null ? '' : `${line} 行目：`}${first.reason.ja}`,
          },
  });
}
