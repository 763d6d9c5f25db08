import type { JsonValue } from '@kumiki/flow';
import { boolean, index, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { bytes, createdAt, entityId, moment, updatedAt } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

export const modelHostKinds = ['ollama', 'openai-compatible', 'embedded'] as const;
export type ModelHostKind = (typeof modelHostKinds)[number];

export const modelHosts = pgTable(
  'model_hosts',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    kind: text('kind', { enum: modelHostKinds }).notNull(),
    /** What model references call it. */
    name: text('name').notNull(),
    address: text('address'),
    /** Name of the secret that holds its key. */
    secret: text('secret'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [unique('model_hosts_by_name').on(table.workspaceId, table.name)],
);

export const secrets = pgTable(
  'secrets',
  {
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    /** AES-256-GCM, see secret-cipher.ts. */
    sealed: bytes('sealed').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    /** The first characters, so that a person can tell keys apart. */
    prefix: text('prefix').notNull(),
    /** SHA-256 of the key, hex. Keys are 256 random bits, so a slow hash would add nothing. */
    hash: text('hash').notNull().unique(),
    scopes: jsonb('scopes').$type<readonly string[]>().notNull(),
    /** Slugs of the endpoints that it may call; null is all of them. */
    endpoints: jsonb('endpoints').$type<readonly string[]>(),
    createdAt: createdAt(),
    lastUsedAt: moment('last_used_at'),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('api_keys_by_workspace').on(table.workspaceId, table.id)],
);

/** One arm of an endpoint, and its share of the traffic. */
export type EndpointRoute = {
  readonly flow: string;
  readonly version: number;
  readonly build: number;
  readonly output: string;
  readonly weight: number;
};

export const endpoints = pgTable(
  'endpoints',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    slug: text('slug').notNull(),
    /** Moves to each new build of the versions that its routes name. */
    follow: boolean('follow').notNull().default(false),
    routes: jsonb('routes').$type<readonly EndpointRoute[]>().notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('endpoints_by_slug').on(table.workspaceId, table.slug),
    index('endpoints_by_route').using('gin', table.routes.op('jsonb_path_ops')),
  ],
);

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    workspaceId: workspaceReference(),
    /** The API key's id, or `session` for the editor. */
    caller: text('caller').notNull(),
    route: text('route').notNull(),
    key: text('key').notNull(),
    bodyHash: text('body_hash').notNull(),
    /** Of whoever answers: a claim that was not renewed is taken over, and its former holder writes nothing any more. */
    claim: entityId('claim').notNull(),
    /** Null while the request is still being answered. */
    response: jsonb('response').$type<JsonValue>(),
    /** The run that the response tells of, so that both are forgotten together. */
    runId: entityId('run_id'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.caller, table.route, table.key] }),
    index('idempotency_keys_by_age').on(table.createdAt),
    index('idempotency_keys_by_run').on(table.runId),
  ],
);
