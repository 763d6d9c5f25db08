import { type ChatMessage, KumikiError } from '@kumiki/node-sdk';
import { and, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm';
import { cleanJson, cleanText } from '../database/clean-text.ts';
import { createId } from '../database/create-id.ts';
import type { Database } from '../database/database.ts';
import type { EndpointRoute } from '../schema/access.ts';
import { conversations, conversationTurns, endpoints, runs } from '../schema/tables.ts';
import {
  formatTimeCursor,
  makePage,
  type Page,
  type PageOptions,
  pageLimit,
  parseNumberCursor,
  parseTimeCursor,
} from './page.ts';

export type ConversationRow = typeof conversations.$inferSelect;
/** With the build that answered; null where the run is no longer kept. */
export type ConversationTurnRow = typeof conversationTurns.$inferSelect & {
  readonly answeredBy: { readonly flow: string; readonly version: number; readonly build: number | null } | null;
};
export type ConversationAddress = { readonly workspace: string; readonly endpoint: string; readonly name: string };
/** The part of an endpoint's route that a conversation keeps: its build may move. */
export type ConversationRoute = Pick<EndpointRoute, 'flow' | 'version' | 'output'>;

export type OpenConversation = {
  /** Null before the first answer. */
  readonly route: ConversationRoute | null;
  /** What was said last, oldest first; begins with what a person said. */
  readonly history: readonly ChatMessage[];
};

/**
 * The model reads all of it again with every question, beside the passages: 40 messages of 100 tokens take half of the
 * 8,192 that `generate/llm` asks for by default. So the hundredth question fits, and costs what the twentieth did.
 */
const mostMessages = 40;

/** What a call goes on from. One that nobody has begun yet is empty. */
export async function openConversation(database: Database, at: ConversationAddress): Promise<OpenConversation> {
  const [conversation] = await database.select().from(conversations).where(whereConversation(at));
  if (conversation === undefined) return { route: null, history: [] };
  // A turn has two messages at least.
  const turns = await database
    .select({ messages: conversationTurns.messages })
    .from(conversationTurns)
    .where(eq(conversationTurns.conversationId, conversation.id))
    .orderBy(desc(conversationTurns.number))
    .limit(mostMessages / 2);
  const messages = turns.reverse().flatMap((turn) => turn.messages);
  return { route: readRoute(conversation), history: cutHistory(messages) };
}

/** Chat templates want a person to speak first, so half a turn at the beginning goes as well. */
function cutHistory(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const newest = messages.slice(-mostMessages);
  const start = newest.findIndex(({ role }) => role === 'user');
  return start === -1 ? [] : newest.slice(start);
}

export type NewTurn = {
  /** The one that answered. */
  readonly route: ConversationRoute;
  readonly run: string;
  readonly subject: string | null;
  /** What was said and answered; empty where nothing is remembered but the route. */
  readonly messages: readonly ChatMessage[];
};

/**
 * Adds a turn to a conversation, and begins it where it is new. It keeps the route of its first answer as long as the
 * endpoint has it, then that of this one. Holds the conversation until the end of the transaction that it is called in,
 * so that calls at once add whole turns, one after the other. Of an endpoint that is gone nothing is kept.
 */
export async function appendTurn(transaction: Database, at: ConversationAddress, turn: NewTurn): Promise<void> {
  const [endpoint] = await transaction
    .select({ routes: endpoints.routes })
    .from(endpoints)
    .where(and(eq(endpoints.workspaceId, at.workspace), eq(endpoints.id, at.endpoint)))
    .for('key share');
  if (endpoint === undefined) return;
  const added = turn.messages.length === 0 ? 0 : 1;
  const { flow, version, output } = turn.route;
  const [conversation] = await transaction
    .insert(conversations)
    .values({
      id: createId(),
      workspaceId: at.workspace,
      endpointId: at.endpoint,
      name: cleanText(at.name),
      flowId: flow,
      version,
      output,
      turns: added,
    })
    .onConflictDoUpdate({
      target: [conversations.workspaceId, conversations.endpointId, conversations.name],
      set: { turns: sql`${conversations.turns} + ${added}`, updatedAt: sql`now()` },
    })
    .returning();
  if (conversation === undefined) throw new Error('an insert gave no row back');
  const { id, turns: number } = conversation;
  if (!endpoint.routes.some((route) => isSameRoute(route, readRoute(conversation)))) {
    await transaction.update(conversations).set({ flowId: flow, version, output }).where(eq(conversations.id, id));
  }
  if (added === 0) return;
  await transaction.insert(conversationTurns).values({
    workspaceId: at.workspace,
    conversationId: id,
    number,
    messages: cleanJson(turn.messages),
    runId: turn.run,
    subject: cleanJson(turn.subject),
  });
}

export function isSameRoute(one: ConversationRoute, other: ConversationRoute): boolean {
  return one.flow === other.flow && one.version === other.version && one.output === other.output;
}

/** The one that was used last first. */
export async function listConversations(
  database: Database,
  options: PageOptions & { readonly workspace: string; readonly endpoint: string },
): Promise<Page<ConversationRow>> {
  const after = parseTimeCursor(options.cursor);
  const rows = await database
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.workspaceId, options.workspace),
        eq(conversations.endpointId, options.endpoint),
        after &&
          sql`(${conversations.updatedAt}, ${conversations.id}) < (${after.time}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(pageLimit(options) + 1);
  return makePage(rows, options, formatTimeCursor);
}

/** A conversation with its turns, the newest first. Throws `conversation-unknown`, `cursor-invalid`. */
export async function readConversation(
  database: Database,
  at: ConversationAddress,
  options: PageOptions = {},
): Promise<ConversationRow & Page<ConversationTurnRow>> {
  const [conversation] = await database.select().from(conversations).where(whereConversation(at));
  if (conversation === undefined) return refuseUnknownConversation(at.name);
  const before = parseNumberCursor(options.cursor);
  const rows = await database
    .select({
      ...getTableColumns(conversationTurns),
      answeredBy: { flow: runs.flowId, version: runs.version, build: runs.build },
    })
    .from(conversationTurns)
    .leftJoin(runs, and(eq(runs.id, conversationTurns.runId), eq(runs.workspaceId, conversationTurns.workspaceId)))
    .where(
      and(
        eq(conversationTurns.conversationId, conversation.id),
        before === undefined ? undefined : lt(conversationTurns.number, before),
      ),
    )
    .orderBy(desc(conversationTurns.number))
    .limit(pageLimit(options) + 1);
  return { ...conversation, ...makePage(rows, options, ({ number }) => String(number)) };
}

/** With all that was said in it. A call that is under way begins it anew. Throws `conversation-unknown`. */
export async function deleteConversation(database: Database, at: ConversationAddress): Promise<void> {
  const deleted = await database.delete(conversations).where(whereConversation(at)).returning({ id: conversations.id });
  if (deleted.length === 0) refuseUnknownConversation(at.name);
}

function readRoute({ flowId, version, output }: ConversationRow): ConversationRoute {
  return { flow: flowId, version, output };
}

function whereConversation(at: ConversationAddress) {
  return and(
    eq(conversations.workspaceId, at.workspace),
    eq(conversations.endpointId, at.endpoint),
    eq(conversations.name, cleanText(at.name)),
  );
}

function refuseUnknownConversation(name: string): never {
  throw new KumikiError({
    code: 'conversation-unknown',
    message: {
      en: `The endpoint has no conversation “${name}”. Look at the list of its conversations.`,
      ja: `このエンドポイントに「${name}」という会話はありません。会話の一覧を確認してください。`,
    },
    status: 404,
  });
}
