import type { FlowDocument, JsonValue } from '@kumiki/flow';
import type { Artifact } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment, updatedAt } from './columns.ts';
import { workspaceReference } from './workspaces.ts';

export const flows = pgTable(
  'flows',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    name: text('name').notNull(),
    /** The draft. */
    document: jsonb('document').$type<FlowDocument>().notNull(),
    /** Counts saves; a save that names an older one is refused. */
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [index('flows_by_change').on(table.workspaceId, table.updatedAt, table.id)],
);

const flowReference = () =>
  entityId('flow_id')
    .notNull()
    .references(() => flows.id, { onDelete: 'cascade' });

export const flowVersions = pgTable(
  'flow_versions',
  {
    workspaceId: workspaceReference(),
    flowId: flowReference(),
    number: integer('number').notNull(),
    document: jsonb('document').$type<FlowDocument>().notNull(),
    documentHash: text('document_hash').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.flowId, table.number] }),
    unique('flow_versions_by_document').on(table.flowId, table.documentHash),
  ],
);

/** Immutable: which artifacts stand for the build-time nodes of a version, and which models were resolved. */
export const builds = pgTable(
  'builds',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    flowId: flowReference(),
    number: integer('number').notNull(),
    version: integer('version').notNull(),
    /** The run that made it. */
    runId: entityId('run_id'),
    state: text('state', { enum: ['complete', 'redacted'] })
      .notNull()
      .default('complete'),
    /** Build-time node path → fingerprint and values, in the engine's words. */
    nodes: jsonb('nodes').$type<Readonly<Record<string, JsonValue>>>().notNull(),
    /** Fingerprints that `nodes` names, for collecting those that nobody names. */
    fingerprints: text('fingerprints').array().notNull().default(sql`'{}'`),
    /** SHA-256 that `nodes` tells, some of them of contents in the blob store. */
    hashes: text('hashes').array().notNull().default(sql`'{}'`),
    /** Model reference → digest as it was resolved. */
    models: jsonb('models').$type<JsonValue>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    unique('builds_by_number').on(table.flowId, table.number),
    index('builds_by_version').on(table.flowId, table.version, table.number),
    index('builds_by_artifact').using('gin', table.fingerprints),
    index('builds_by_hash').using('gin', table.hashes),
  ],
);

/** What build-time nodes left behind. Builds name them by fingerprint. */
export const artifacts = pgTable(
  'artifacts',
  {
    workspaceId: workspaceReference(),
    fingerprint: text('fingerprint').notNull(),
    lineage: text('lineage').notNull(),
    nodeType: text('node_type').notNull(),
    /** Values by output port. */
    outputs: jsonb('outputs').$type<Artifact['outputs']>().notNull(),
    /** SHA-256 that `outputs` tells, some of them of contents in the blob store. */
    hashes: text('hashes').array().notNull().default(sql`'{}'`),
    /** The documents it was made from. */
    contents: jsonb('contents').$type<Artifact['contents']>().notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    /** Something in it was forgotten: it goes on serving, and no lookup finds it. */
    redactedAt: moment('redacted_at'),
    /** When a run last found or made it, to within an hour: what is in use is not collected. */
    usedAt: moment('used_at').notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.fingerprint] }),
    index('artifacts_by_lineage').on(table.workspaceId, table.lineage, table.createdAt),
    index('artifacts_by_hash').using('gin', table.hashes),
  ],
);

/** What an outside thing was when it was last read: a known identity means a known content hash. */
export const sourceIdentities = pgTable(
  'source_identities',
  {
    workspaceId: workspaceReference(),
    /** Where it was listed: node type and what its settings point at. */
    source: text('source').notNull(),
    /** Which document of that source. */
    documentId: text('document_id').notNull(),
    identity: text('identity').notNull(),
    contentHash: text('content_hash').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.source, table.documentId] })],
);
