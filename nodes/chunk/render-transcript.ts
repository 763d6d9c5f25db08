import type { Conversation, Utterance } from '@kumiki/node-sdk';
import type { Span } from './find-sentences.ts';
import { splitSessions } from './split-sessions.ts';

/** A turn in the transcript: `text.slice(start, end)` is its line, of which `bodyStart` begins what was said. */
export type Turn = Span & { readonly bodyStart: number; readonly label: string };

export type Session = {
  /** What it is about, outermost first: its conversation where a document has several, and when it began. */
  readonly headings: readonly string[];
  /** Where it begins, its headings included. */
  readonly start: number;
  readonly turns: readonly Turn[];
};

export type Transcript = { readonly text: string; readonly sessions: readonly Session[] };

/** Ids that `load/conversations` makes of contents say nothing to people. */
const isMadeUp = /^[0-9a-f]{16}(?: \(\d+\))?$/;

/**
 * A document's conversations as one text, a turn after the other: `[10:03] 佐藤: 届きません`. Each session has its headings
 * above it. What chunks and citations call an offset is one in this text. The same conversations always give the same.
 */
export function renderTranscript(conversations: readonly Conversation[], gapMinutes: number): Transcript {
  const parts: string[] = [];
  const sessions: Session[] = [];
  let length = 0;
  const write = (text: string): Span => {
    const start = length;
    parts.push(text);
    length += text.length;
    return { start, end: length };
  };
  for (const conversation of conversations) {
    const title = conversations.length > 1 && !isMadeUp.test(conversation.id) ? [conversation.id] : [];
    for (const utterances of splitSessions(conversation.utterances, gapMinutes)) {
      const spoken = utterances.filter(({ text }) => text.trim() !== '');
      if (spoken.length === 0) continue;
      const begin = readMoment(spoken[0]?.at ?? null);
      const headings = [...title, ...(begin === null ? [] : [`${begin.date} ${begin.time}`])];
      if (length > 0) write('\n');
      const sessionStart = length;
      if (headings.length > 0) write(`${headings.join(' ')}\n`);
      const turns: Turn[] = [];
      let date = begin?.date ?? null;
      for (const utterance of spoken) {
        const label = labelTurn(utterance, date);
        date = readMoment(utterance.at)?.date ?? date;
        const { start } = write(label);
        const { start: bodyStart, end } = write(utterance.text.trim());
        write('\n');
        turns.push({ start, end, bodyStart, label: label.trim() });
      }
      sessions.push({ headings, start: sessionStart, turns });
    }
  }
  return { text: parts.join(''), sessions };
}

/** The day is told where another begins. */
function labelTurn({ speaker, role, at }: Utterance, date: string | null): string {
  const moment = readMoment(at);
  const time = moment === null ? '' : `[${moment.date === date ? '' : `${moment.date} `}${moment.time}] `;
  const who = speaker || role || '';
  return `${time}${who === '' ? '' : `${who}: `}`;
}

/** As it is written, in the zone that it is written in. */
function readMoment(at: string | null): { readonly date: string; readonly time: string } | null {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(at ?? '');
  return match?.[1] === undefined || match[2] === undefined ? null : { date: match[1], time: match[2] };
}
