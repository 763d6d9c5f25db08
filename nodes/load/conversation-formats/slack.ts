import type { UnreadableRow, Utterance } from '@kumiki/node-sdk';
import { z } from 'zod';
import { readTime } from './read-time.ts';
import { type DataRecord, makeUtterance, matchRecord, type ReadConversation } from './records.ts';

const profileSchema = z.object({ real_name: z.string().nullish(), display_name: z.string().nullish() });

const messageSchema = z.object({
  ts: z.string().regex(/^\d+(?:\.\d+)?$/),
  text: z.string().nullish(),
  subtype: z.string().optional(),
  user: z.string().nullish(),
  username: z.string().nullish(),
  thread_ts: z.string().nullish(),
  user_profile: profileSchema.nullish(),
  bot_profile: z.object({ name: z.string().nullish() }).nullish(),
});

const userSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  profile: profileSchema.nullish(),
});

type Message = z.output<typeof messageSchema>;
type Placed = { readonly message: Message; readonly line: number | null };

/** What people said, among all the notices (joined, renamed, pinned …) that Slack keeps as messages. */
const spoken: ReadonlySet<string> = new Set(['thread_broadcast', 'me_message', 'bot_message', 'file_share']);

/** One channel's messages, of one day or of many files. */
export type SlackChannel = { readonly name: string; readonly records: readonly DataRecord[] };

/**
 * Messages of a channel as conversations: each thread is one, named by the time of its first message, and what stands in
 * no thread is one more, named by the channel. `users` has names by id; messages bring their authors' names as well.
 */
export function readSlackChannel(
  { name, records }: SlackChannel,
  { users, zone }: { readonly users: ReadonlyMap<string, string>; readonly zone: string },
): { readonly conversations: readonly ReadConversation[]; readonly unreadable: readonly UnreadableRow[] } {
  const unreadable: UnreadableRow[] = [];
  const names = new Map(users);
  const threads = new Map<string, Placed[]>();
  const open: Placed[] = [];
  for (const { line, value } of records) {
    const match = matchRecord(messageSchema, value);
    if ('reason' in match) {
      unreadable.push({ line, reason: match.reason });
      continue;
    }
    const message = match.row;
    if (message.subtype !== undefined && !spoken.has(message.subtype)) continue;
    const own = nameProfile(message.user_profile);
    if (message.user && own !== null && !names.has(message.user)) names.set(message.user, own);
    const thread = message.thread_ts;
    const group = thread ? (threads.get(thread) ?? []) : open;
    group.push({ message, line });
    if (thread) threads.set(thread, group);
  }
  const groups: [string, Placed[]][] = [
    [name, open],
    ...[...threads].map(([ts, placed]): [string, Placed[]] => [`${name} ${ts}`, placed]),
  ];
  const conversations = groups
    .map(([id, placed]) => makeConversation(id, placed, names, zone))
    .filter(({ utterances }) => utterances.length > 0);
  return { conversations, unreadable };
}

/** Names of people by id, from `users.json` of an export. What is no user is passed over. */
export function readSlackUsers(records: readonly DataRecord[]): ReadonlyMap<string, string> {
  return new Map(
    records.flatMap(({ value }): [string, string][] => {
      const match = matchRecord(userSchema, value);
      if ('reason' in match) return [];
      const { id, name, real_name: realName, profile } = match.row;
      return [[id, nameProfile(profile) ?? (realName || name || id)]];
    }),
  );
}

function makeConversation(
  id: string,
  placed: readonly Placed[],
  names: ReadonlyMap<string, string>,
  zone: string,
): ReadConversation {
  const inOrder = placed.toSorted((one, other) => Number(one.message.ts) - Number(other.message.ts));
  const utterances = inOrder.flatMap(({ message }): Utterance[] => {
    const text = readMarkup(message.text ?? '', names);
    return text.trim() === ''
      ? []
      : [makeUtterance({ speaker: nameAuthor(message, names), text, at: readTime(message.ts, zone) })];
  });
  return { id, utterances, line: inOrder[0]?.line ?? null };
}

function nameAuthor({ user, username, bot_profile: bot }: Message, names: ReadonlyMap<string, string>): string {
  return (user && names.get(user)) || username || bot?.name || user || '';
}

function nameProfile(profile: z.output<typeof profileSchema> | null | undefined): string | null {
  return profile?.display_name || profile?.real_name || null;
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Slack's markup for people, channels and links as what people see (api.slack.com, “Formatting text”). */
function readMarkup(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replace(/<([^<>]*)>/g, (whole, inner: string) => {
      const [target = '', label] = inner.split('|', 2);
      const rest = target.slice(1);
      switch (target.charAt(0)) {
        case '@':
          return `@${label || names.get(rest) || rest}`;
        case '#':
          return `#${label || rest}`;
        case '!':
          return label || `@${rest}`;
        default:
          return target === '' ? whole : label && label !== target ? `${label} (${target})` : target;
      }
    })
    .replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}
