import {
  type ConversationRow,
  type ConversationTurnRow,
  deleteConversation,
  listConversations,
  readConversation,
  readEndpoint,
} from '@kumiki/store';
import * as contract from '../contract/conversations.ts';
import type { App } from '../http/environment.ts';
import type { Workbench } from '../workbench.ts';

/** Conversations of an endpoint, for the team that runs it. */
export function addConversationRoutes(app: App, { store: { database } }: Workbench): void {
  app.openapi(contract.listConversations, async (context) => {
    const { workspace } = context.get('caller');
    const { id: endpoint } = await readEndpoint(database, { workspace, ...context.req.valid('param') });
    const { items, next } = await listConversations(database, { workspace, endpoint, ...context.req.valid('query') });
    return context.json({ items: items.map(describeConversation), next }, 200);
  });

  app.openapi(contract.getConversation, async (context) => {
    const { workspace } = context.get('caller');
    const { slug, name } = context.req.valid('param');
    const { id: endpoint } = await readEndpoint(database, { workspace, slug });
    const read = await readConversation(database, { workspace, endpoint, name }, context.req.valid('query'));
    const { items, next } = read;
    return context.json({ ...describeConversation(read), items: items.map(describeTurn), next }, 200);
  });

  app.openapi(contract.deleteConversation, async (context) => {
    const { workspace } = context.get('caller');
    const { slug, name } = context.req.valid('param');
    const { id: endpoint } = await readEndpoint(database, { workspace, slug });
    await deleteConversation(database, { workspace, endpoint, name });
    return context.body(null, 204);
  });
}

function describeConversation(row: ConversationRow) {
  return {
    name: row.name,
    route: { flow: row.flowId, version: row.version, output: row.output },
    turns: row.turns,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function describeTurn({ number, messages, runId, answeredBy, subject, createdAt }: ConversationTurnRow) {
  return { number, messages: [...messages], run: runId, answeredBy, subject, createdAt: createdAt.toISOString() };
}
