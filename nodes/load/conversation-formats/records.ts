import type { LocalisedText } from '@kumiki/flow';
import type { Conversation, DataRow, UnreadableRow, Utterance } from '@kumiki/node-sdk';
import type { z } from 'zod';
import { splitJsonArray, type TextPiece } from './split-json-array.ts';

/** A row of a file of data: what it says, and the line where it begins, null where lines mean nothing. */
export type DataRecord = { readonly line: number | null; readonly value: unknown };

export type ReadRecords = { readonly records: readonly DataRecord[]; readonly unreadable: readonly UnreadableRow[] };

/** A conversation as a row tells it; one without an id is named after what is said in it. */
export type ReadConversation = Omit<Conversation, 'id'> & { readonly id: string | null };

/** What came of a row. */
export type RowResult = { readonly conversations: readonly ReadConversation[] } | { readonly reason: LocalisedText };

/** JSON lines, a JSON array, or one JSON value that may be written over many lines. */
export function readJsonRecords(text: string): ReadRecords {
  const array = splitJsonArray(text);
  if (array !== null) return parsePieces(array);
  const lines = text
    .split(/\r\n?|\n/)
    .flatMap((line, place) => (line.trim() === '' ? [] : [{ line: place + 1, text: line }]));
  const [first] = lines;
  if (first === undefined) return { records: [], unreadable: [] };
  // The first line of a value that goes on is no value; but so is a first row that is broken.
  if (parseJson(first.text) === undefined) {
    const whole = parseJson(text);
    if (whole !== undefined) return { records: [{ line: first.line, value: whole }], unreadable: [] };
  }
  return parsePieces(lines);
}

function parsePieces(pieces: readonly TextPiece[]): ReadRecords {
  const records: DataRecord[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const { line, text } of pieces) {
    const value = parseJson(text);
    if (value === undefined) unreadable.push({ line, reason: notJson });
    else records.push({ line, value });
  }
  return { records, unreadable };
}

const notJson: LocalisedText = { en: 'It is not valid JSON.', ja: 'JSON として正しくありません。' };

/** `undefined`, which no JSON means, where the text is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rows of a table as records by the names of its columns, which its first row tells. */
export function readTableRecords(rows: readonly DataRow[]): readonly DataRecord[] {
  const [head, ...rest] = rows;
  if (head === undefined) return [];
  const names = head.cells.map((name) => name.trim());
  return rest.map(({ line, cells }) => ({
    line,
    value: Object.fromEntries(names.flatMap((name, column) => (name === '' ? [] : [[name, cells[column] ?? '']]))),
  }));
}

/** Checks a row against what its format asks for; the reason names the first place that does not fit. */
export function matchRecord<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): { readonly row: z.output<Schema> } | { readonly reason: LocalisedText } {
  const result = schema.safeParse(value);
  if (result.success) return { row: result.data };
  const path = result.error.issues[0]?.path.map(String).join('.') ?? '';
  return {
    reason:
      path === ''
        ? { en: 'It does not have the form of this format.', ja: 'この形式の行になっていません。' }
        : {
            en: `“${path}” is missing or is not what it should be.`,
            ja: `「${path}」がないか、正しい値ではありません。`,
          },
  };
}

/** An utterance of which only some is known. */
export function makeUtterance(parts: Partial<Utterance> & { readonly text: string }): Utterance {
  return { speaker: '', role: null, at: null, ...parts };
}

export function giveOne(conversation: ReadConversation): RowResult {
  if (conversation.utterances.some(({ text }) => text.trim() !== '')) return { conversations: [conversation] };
  return { reason: { en: 'Nothing is said in it.', ja: '発言がありません。' } };
}
