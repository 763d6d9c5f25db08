import type { Document, FileData } from '@kumiki/node-sdk';
import { renderTranscript } from '../chunk/render-transcript.ts';
import { readConversations } from './conversation-formats/read-conversations.ts';

const noColumns = { text: '', speaker: '', time: '', conversation: '', question: '', answer: '' };
/** As `load/conversations` and `chunk/conversation` have them where nobody changes them. */
const usual = { format: 'auto', zone: '+09:00', columns: noColumns } as const;
const usualGap = 240;

/**
 * The transcript of a file of conversations, for showing a passage of it in its place: the text that offsets of
 * `chunk/conversation` count in, with its sessions as headings. Null where no conversations are found in it.
 */
export function readTranscript(data: FileData, name: string): Document | null {
  const found = readConversations(data, name, usual);
  if (found.format === null) return null;
  const { text, sessions } = renderTranscript(found.conversations, usualGap);
  const headings = sessions.flatMap(({ headings: titles, start }) =>
    titles.length === 0 ? [] : [{ level: 1, title: titles.join(' '), start }],
  );
  return { text, headings, pages: [] };
}
