import type { ChatMessage } from '@kumiki/node-sdk';
import { index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { endpoints } from './access.ts';
import { createdAt, entityId, updatedAt } from './columns.ts';
import { workspaceOfParent, workspaceReference } from './workspaces.ts';

/** What an endpoint remembers under a name that its caller chose. */
export const conversations = pgTable(
  'conversations',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    endpointId: entityId('endpoint_id')
      .notNull()
      .references(() => endpoints.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The route that answers, without its build, which may move. The flow may be gone by now. */
    flowId: entityId('flow_id').notNull(),
    version: integer('version').notNull(),
    output: text('output').notNull(),
    /** How many turns were kept, and the number of the last one. */
    turns: integer('turns').notNull().default(0),
    createdAt: createdAt(),
    /** When it was used last. */
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('conversations_by_name').on(table.workspaceId, table.endpointId, table.name),
    index('conversations_by_last_use').on(table.endpointId, table.updatedAt, table.id),
  ],
);

/** What a person said and what was answered. A row is a whole turn, so that nobody ever reads half of one. */
export const conversationTurns = pgTable(
  'conversation_turns',
  {
    workspaceId: workspaceOfParent(),
    conversationId: entityId('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    messages: jsonb('messages').$type<readonly ChatMessage[]>().notNull(),
    /** The run that answered. Its row may be gone by now. */
    runId: entityId('run_id').notNull(),
    /** Who spoke, where the caller said so: several people may share a conversation. */
    subject: text('subject'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.number] }),
    index('conversation_turns_by_subject').on(table.workspaceId, table.subject),
    index('conversation_turns_by_run').on(table.runId),
  ],
);
