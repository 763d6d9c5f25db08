import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type Conversation, cleanText, type FileData, type UnreadableRow } from '@kumiki/node-sdk';
import { readAlpaca, readMessages, readShareGpt } from './messages.ts';
import {
  type DataRecord,
  type ReadConversation,
  type ReadRecords,
  type RowResult,
  readJsonRecords,
  readTableRecords,
} from './records.ts';
import { readSlackChannel, readSlackUsers } from './slack.ts';
import { findTableLayout, isTableRecord, readTable, type TableColumns } from './table.ts';
import { readUtterances } from './utterances.ts';

export const conversationFormats = ['slack', 'messages', 'sharegpt', 'alpaca', 'utterances', 'table'] as const;
export type ConversationFormat = (typeof conversationFormats)[number];

export type FormatSettings = {
  readonly format: ConversationFormat | 'auto';
  readonly zone: string;
  readonly columns: TableColumns;
};

export type FoundConversations = {
  readonly format: ConversationFormat;
  readonly conversations: readonly Conversation[];
  readonly unreadable: readonly UnreadableRow[];
};

/** The columns of what has none of the known layouts, empty where it has no columns. */
export type UnknownLayout = { readonly format: null; readonly columns: readonly string[] };

type Read = Pick<FoundConversations, 'unreadable'> & { readonly conversations: readonly ReadConversation[] };

/** So many rows tell the format; a few that are broken do not hide it. */
const sampledRows = 50;

/** Conversations of one file, whatever the layout of it. Texts come out clean. `name` is the file's, with its folders. */
export function readConversations(
  data: FileData,
  name: string,
  settings: FormatSettings,
): FoundConversations | UnknownLayout {
  switch (data.kind) {
    case 'text':
      return readRecords(readJsonRecords(data.text), name, settings);
    case 'tables': {
      const records = data.tables.flatMap(({ rows }) => readTableRecords(rows));
      return readRecords({ records, unreadable: [] }, name, settings);
    }
    case 'archive':
      return readArchive(data.members, settings);
  }
}

function readRecords(
  { records, unreadable }: ReadRecords,
  name: string,
  settings: FormatSettings,
): FoundConversations | UnknownLayout {
  const unpacked = settings.format === 'slack' || settings.format === 'auto' ? unpackMessages(records) : records;
  const format = settings.format === 'auto' ? detectFormat(unpacked, settings.columns) : settings.format;
  const rows = format === 'slack' ? unpacked : records;
  const read = format === null ? null : readAs(format, rows, name, settings);
  if (format === null || read === null) {
    const first = records.find(isTableRecord);
    return { format: null, columns: first === undefined ? [] : Object.keys(first.value) };
  }
  return {
    format,
    conversations: finish(read.conversations),
    unreadable: sortByLine([...unreadable, ...read.unreadable]),
  };
}

/** The list of a channel's messages within one object, as tools write it that read Slack through its API. */
function unpackMessages(records: readonly DataRecord[]): readonly DataRecord[] {
  const [only] = records;
  if (records.length !== 1 || only === undefined || !isTableRecord(only)) return records;
  const { messages } = only.value;
  if (!Array.isArray(messages) || !messages.some(isSlackMessage)) return records;
  return messages.map((value) => ({ line: only.line, value }));
}

function detectFormat(records: readonly DataRecord[], columns: TableColumns): ConversationFormat | null {
  const counts = new Map<ConversationFormat, number>();
  for (const record of records.slice(0, sampledRows)) {
    const format = detectRow(record, columns);
    if (format !== null) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

function detectRow(record: DataRecord, columns: TableColumns): ConversationFormat | null {
  if (!isTableRecord(record)) return null;
  const { value } = record;
  if (Array.isArray(value.messages)) return 'messages';
  if (Array.isArray(value.conversations)) return 'sharegpt';
  if (Array.isArray(value.utterances)) return 'utterances';
  if (typeof value.instruction === 'string' && typeof value.output === 'string') return 'alpaca';
  if (isSlackMessage(value)) return 'slack';
  return findTableLayout(Object.keys(value), columns) === null ? null : 'table';
}

function isSlackMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ts' in value && ('type' in value || 'user' in value);
}

function readAs(
  format: ConversationFormat,
  records: readonly DataRecord[],
  name: string,
  { zone, columns }: FormatSettings,
): Read | null {
  switch (format) {
    case 'slack':
      return readSlackChannel({ name: nameChannel(name), records }, { users: new Map(), zone });
    case 'messages':
      return readRows(records, readMessages);
    case 'sharegpt':
      return readRows(records, readShareGpt);
    case 'alpaca':
      return readRows(records, readAlpaca);
    case 'utterances':
      return readRows(records, (record) => readUtterances(record, zone));
    case 'table': {
      const first = records.find(isTableRecord);
      const layout = first === undefined ? null : findTableLayout(Object.keys(first.value), columns);
      return layout === null ? null : readTable(records, layout, zone);
    }
  }
}

function readRows(records: readonly DataRecord[], read: (record: DataRecord) => RowResult): Read {
  const conversations: ReadConversation[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const record of records) {
    const result = read(record);
    if ('reason' in result) unreadable.push({ line: record.line, reason: result.reason });
    else conversations.push(...result.conversations);
  }
  return { conversations, unreadable };
}

const slackDay = /(?:^|\/)([^/]+)\/\d{4}-\d{2}-\d{2}\.json$/;

/** A day's file lies in a folder that is called as its channel. */
function nameChannel(name: string): string {
  return slackDay.exec(name)?.[1] ?? posix.basename(name, '.json');
}

type Member = Extract<FileData, { kind: 'archive' }>['members'][number];

/** An export of Slack as a whole, or any other files that lie together in an archive. Lines mean nothing to who has it. */
function readArchive(members: readonly Member[], settings: FormatSettings): FoundConversations | UnknownLayout {
  const isExport = members.some(({ name }) => slackDay.test(name));
  if (isExport && (settings.format === 'auto' || settings.format === 'slack'))
    return readSlackExport(members, settings);
  const found: FoundConversations[] = [];
  let unknown: UnknownLayout = { format: null, columns: [] };
  for (const { name, text } of members) {
    const read = readRecords(readJsonRecords(text), name, settings);
    if (read.format === null) unknown = read;
    else found.push({ ...read, unreadable: placeIn(name, read.unreadable) });
  }
  const [first] = found;
  if (first === undefined) return unknown;
  return {
    format: first.format,
    conversations: finish(found.flatMap(({ conversations }) => conversations.map((one) => ({ ...one, line: null })))),
    unreadable: found.flatMap((one) => one.unreadable),
  };
}

function readSlackExport(members: readonly Member[], { zone }: FormatSettings): FoundConversations {
  const records = (text: string) => readJsonRecords(text).records;
  const users = readSlackUsers(
    members.filter(({ name }) => /(?:^|\/)users\.json$/.test(name)).flatMap(({ text }) => records(text)),
  );
  const channels = new Map<string, DataRecord[]>();
  const unreadable: UnreadableRow[] = [];
  for (const { name, text } of members) {
    const channel = slackDay.exec(name)?.[1];
    if (channel === undefined) continue;
    const read = readJsonRecords(text);
    unreadable.push(...placeIn(name, read.unreadable));
    const messages = channels.get(channel) ?? [];
    for (const { value } of read.records) messages.push({ line: null, value });
    channels.set(channel, messages);
  }
  const conversations: ReadConversation[] = [];
  for (const [name, messages] of channels) {
    const read = readSlackChannel({ name, records: messages }, { users, zone });
    conversations.push(...read.conversations);
    unreadable.push(...placeIn(name, read.unreadable));
  }
  return { format: 'slack', conversations: finish(conversations), unreadable };
}

/** Says which file of an archive rows stand in. */
function placeIn(part: string, rows: readonly UnreadableRow[]): readonly UnreadableRow[] {
  return rows.map((row) => ({ ...row, part }));
}

/** Cleans what was read, and gives every conversation an id of its own: the same one each time, wherever it stands. */
function finish(read: readonly ReadConversation[]): readonly Conversation[] {
  const taken = new Map<string, number>();
  return read.map(({ id, line, utterances }) => {
    const cleaned = utterances.map((one) => ({
      ...one,
      speaker: cleanText(one.speaker).trim(),
      text: cleanText(one.text).trim(),
    }));
    const name = id === null ? hashTexts(cleaned) : cleanText(id).trim();
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return { id: before === 0 ? name : `${name} (${before + 1})`, utterances: cleaned, line };
  });
}

function hashTexts(utterances: Conversation['utterances']): string {
  const hash = createHash('sha256');
  for (const { speaker, role, text } of utterances) hash.update(JSON.stringify([speaker, role, text]));
  return hash.digest('hex').slice(0, 16);
}

function sortByLine(rows: readonly UnreadableRow[]): readonly UnreadableRow[] {
  return rows.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
