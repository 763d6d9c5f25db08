import type { LocalisedText } from '@kumiki/flow';
import { type BlobStore, type DocumentParser, type FileData, KumikiError } from '@kumiki/node-sdk';
import { readConversations, readExchanges, readJsonRecords, readTableRecords } from '@kumiki/nodes';
import {
  type Database,
  listCollectionFiles,
  listRatedRuns,
  readCollection,
  readEndpoint,
  readFile,
} from '@kumiki/store';
import { z } from 'zod';
import type { questionSetSourceSchema } from '../contract/question-sets.ts';
import { readWhole } from '../read-whole.ts';
import type { QuestionCollector, RowOrigin } from './question-collector.ts';

export type QuestionSource = z.infer<typeof questionSetSourceSchema>;

export type SourceParts = {
  readonly workspace: string;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly documents: DocumentParser;
  readonly signal: AbortSignal;
};

const noColumns = { text: '', speaker: '', time: '', conversation: '', question: '', answer: '' };
const usualFormat = { format: 'auto', zone: '+09:00', columns: noColumns } as const;
const nowhere: RowOrigin = { document: null, line: null, sourceHash: null, subject: null };

/** Hands every row of a source to the collector. Throws where the source itself cannot be read. */
export async function collectQuestions(
  parts: SourceParts,
  source: QuestionSource,
  collector: QuestionCollector,
): Promise<void> {
  switch (source.kind) {
    case 'rows':
      for (const [place, row] of source.rows.entries()) collector.add(row, { ...nowhere, line: place + 1 });
      return;
    case 'file':
      return collectFromFile(parts, source.file, collector);
    case 'conversations':
      return collectFromConversations(parts, source, collector);
    case 'feedback':
      return collectFromFeedback(parts, source, collector);
  }
}

async function collectFromFile(parts: SourceParts, file: string, collector: QuestionCollector): Promise<void> {
  const { workspace, database } = parts;
  const { name, sha256, mediaType } = await readFile(database, { workspace, file });
  const data = await readData(parts, { name, sha256, mediaType });
  const origin = { ...nowhere, document: name, sourceHash: sha256 };
  const { records, unreadable } = readRecords(data);
  for (const { line, reason } of unreadable) collector.addUnreadable(reason, { ...origin, line });
  for (const { line, value } of records) collector.add(value, { ...origin, line });
}

function readRecords(data: FileData): ReturnType<typeof readJsonRecords> {
  switch (data.kind) {
    case 'text':
      return readJsonRecords(data.text);
    case 'tables':
      return { records: data.tables.flatMap(({ rows }) => readTableRecords(rows)), unreadable: [] };
    case 'archive': {
      const members = data.members.map(({ text }) => readJsonRecords(text));
      return {
        records: members.flatMap(({ records }) => records),
        unreadable: members.flatMap(({ unreadable }) => unreadable),
      };
    }
  }
}

async function collectFromConversations(
  parts: SourceParts,
  { collection, names }: Extract<QuestionSource, { kind: 'conversations' }>,
  collector: QuestionCollector,
): Promise<void> {
  const { workspace, database, signal } = parts;
  const { id } = await readCollection(database, { workspace, collection });
  const files = await listCollectionFiles(database, { workspace, collection: id });
  const held = [];
  for (const file of files.filter(({ name }) => names === undefined || names.includes(name))) {
    signal.throwIfAborted();
    const origin = { ...nowhere, document: file.name, sourceHash: file.sha256 };
    const found = await readConversationsOf(parts, file);
    if ('reason' in found) {
      collector.addUnreadableDocument(found.reason, origin);
      continue;
    }
    for (const { line, reason } of found.unreadable) collector.addUnreadable(reason, { ...origin, line });
    held.push(...found.conversations.map((conversation) => ({ conversation, origin })));
  }
  const read = readExchanges(held);
  if (read === null) throw refuseUnknownAssistant();
  for (const { conversation, origin } of read.unanswered) {
    collector.addUnreadable(unanswered, { ...origin, line: conversation.line }, conversation.id);
  }
  for (const { source, question, answer } of read.exchanges) {
    const { conversation, origin } = source;
    const cluster = `${origin.document}#${conversation.id}`;
    collector.add({ question, references: [answer], cluster }, { ...origin, line: conversation.line });
  }
}

/** What is wrong with one file is said of that file, and the others are read all the same. */
async function readConversationsOf(
  parts: SourceParts,
  file: { readonly name: string; readonly sha256: string; readonly mediaType: string | null },
) {
  try {
    const found = readConversations(await readData(parts, file), file.name, usualFormat);
    return found.format === null ? { reason: noConversations } : found;
  } catch (error) {
    if (!(error instanceof KumikiError) || error.retryable) throw error;
    return { reason: error.text };
  }
}

async function readData(
  { blobs, documents, signal }: SourceParts,
  file: { readonly name: string; readonly sha256: string; readonly mediaType: string | null },
): Promise<FileData> {
  const content = await readWhole(blobs.read(file.sha256, signal));
  return documents.readData({ name: file.name, mediaType: file.mediaType, content }, signal);
}

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }).partial());

/** What callers found good is a reference; what they did not is a question without one. */
async function collectFromFeedback(
  { workspace, database }: SourceParts,
  { endpoint: slug, lowestScore }: Extract<QuestionSource, { kind: 'feedback' }>,
  collector: QuestionCollector,
): Promise<void> {
  const { id } = await readEndpoint(database, { workspace, slug });
  for (const { run, inputs, outputs, output, conversation, subject, score } of await listRatedRuns(database, {
    workspace,
    endpoint: id,
  })) {
    const answer = outputsSchema.safeParse(outputs).data?.[output ?? '']?.value;
    const texts = Object.entries(inputs).filter(([, value]) => typeof value === 'string');
    const [[asked, question] = []] = texts.length === 1 ? texts : texts.filter(([name]) => name === 'question');
    const others = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== asked));
    const references = typeof answer === 'string' && score >= lowestScore ? [answer] : [];
    const cluster = conversation === null ? {} : { cluster: `conversation ${conversation}` };
    collector.add(
      { id: run, question: question ?? '', references, inputs: others, ...cluster },
      { ...nowhere, subject },
    );
  }
}

const unanswered: LocalisedText = {
  en: 'Nobody answered the first question of this conversation.',
  ja: '会話の最初の質問に回答がありません。',
};

const noConversations: LocalisedText = {
  en: 'The file has none of the known layouts of conversations.',
  ja: '対応している会話の形式のどれにも当てはまりません。',
};

function refuseUnknownAssistant(): KumikiError {
  return new KumikiError({
    code: 'assistant-unknown',
    status: 422,
    message: {
      en: 'It is not clear who answers in these conversations. Bring them in a form that tells roles, such as OpenAI messages, or send the questions as a table.',
      ja: 'これらの会話では、だれが回答しているのか判断できません。OpenAI の messages のように役割のある形式にするか、質問を表で用意してください。',
    },
  });
}
