import { z } from 'zod';
import { readRole } from './messages.ts';
import { readTime } from './read-time.ts';
import { type DataRecord, giveOne, makeUtterance, matchRecord, type RowResult } from './records.ts';

const named = z.union([z.string(), z.number(), z.object({ id: z.union([z.string(), z.number()]) })]);

/** Names differ from corpus to corpus: ConvoKit says `speaker`, the Accommodation Search Dialog Corpus `name`. */
const utteranceSchema = z.object({
  text: z.string(),
  name: z.string().optional(),
  speaker: z.union([z.string(), z.object({ id: z.string() })]).optional(),
  role: z.string().optional(),
  time: z.union([z.number(), z.string()]).nullish(),
  timestamp: z.union([z.number(), z.string()]).nullish(),
});

const rowSchema = z.object({
  utterances: z.array(utteranceSchema).min(1),
  id: named.optional(),
  meta: z.object({ id: named.optional() }).optional(),
});

/** A conversation with its utterances in a list: who, what and when. */
export function readUtterances({ line, value }: DataRecord, zone: string): RowResult {
  const match = matchRecord(rowSchema, value);
  if ('reason' in match) return match;
  const { utterances, id, meta } = match.row;
  return giveOne({
    id: readName(id ?? meta?.id),
    line,
    utterances: utterances.map(({ text, name, speaker, role, time, timestamp }) =>
      makeUtterance({
        text,
        speaker: name ?? readName(speaker) ?? '',
        role: role === undefined ? null : readRole(role),
        at: readTime(time ?? timestamp, zone),
      }),
    ),
  });
}

function readName(value: z.output<typeof named> | undefined): string | null {
  if (value === undefined) return null;
  return String(typeof value === 'object' ? value.id : value);
}
