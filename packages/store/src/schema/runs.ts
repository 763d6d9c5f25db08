import type { JsonValue } from '@kumiki/flow';
import type { ErrorReport, TokenUsage } from '@kumiki/node-sdk';
import { sql } from 'drizzle-orm';
import { bigint, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment, updatedAt } from './columns.ts';
import { flows } from './flows.ts';
import { workspaceOfParent, workspaceReference } from './workspaces.ts';

export const runKinds = ['build', 'question', 'experiment'] as const;
export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunKind = (typeof runKinds)[number];
export type RunState = (typeof runStates)[number];
/** A run ends in exactly one of these, and never leaves it. */
export type TerminalRunState = Exclude<RunState, 'queued' | 'running'>;

/** What a run was asked besides its inputs. */
export type RunRequest = {
  /** Only these nodes, and what is missing upstream of them. */
  readonly only?: readonly string[];
  /** Fine-tune nodes that shall not keep their newest model. */
  readonly retrain?: readonly string[];
  /** The one output that was asked for. */
  readonly output?: string;
};

export const runs = pgTable(
  'runs',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    kind: text('kind', { enum: runKinds }).notNull(),
    flowId: entityId('flow_id')
      .notNull()
      .references(() => flows.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    /** Number of the build that it asked, or that it made. */
    build: integer('build'),
    request: jsonb('request').$type<RunRequest>().notNull().default({}),
    inputs: jsonb('inputs').$type<Readonly<Record<string, JsonValue>>>().notNull().default({}),
    /** By output: what came out. */
    outputs: jsonb('outputs').$type<JsonValue>(),
    state: text('state', { enum: runStates }).notNull().default('queued'),
    /** Counts claims; every write of a run carries it, so that a worker that lost the run cannot write any more. */
    attempt: integer('attempt').notNull().default(0),
    error: jsonb('error').$type<ErrorReport>(),
    usage: jsonb('usage').$type<TokenUsage>(),
    endpointId: entityId('endpoint_id'),
    /** Which route of the endpoint answered. */
    arm: text('arm'),
    apiKeyId: entityId('api_key_id'),
    /** Whom the caller asked for, in its own words. */
    subject: text('subject'),
    /** Name of the endpoint's conversation that the question was a part of. */
    conversation: text('conversation'),
    /** What it was asked and what came of it quoted something that was forgotten, and is gone. */
    redactedAt: moment('redacted_at'),
    cancelRequestedAt: moment('cancel_requested_at'),
    /** Paths of nodes that were asked to end with what they have by now. */
    stoppedNodes: text('stopped_nodes').array().notNull().default(sql`'{}'`),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  // Ids grow with time, so a listing by id is a listing by time, and the last id of a page is its cursor.
  (table) => [
    index('runs_by_workspace').on(table.workspaceId, table.id),
    index('runs_by_flow').on(table.flowId, table.id),
    index('runs_by_state').on(table.workspaceId, table.state, table.id),
    index('runs_by_key').on(table.apiKeyId, table.id),
    index('runs_by_subject').on(table.workspaceId, table.subject, table.id).where(sql`${table.subject} is not null`),
    index('runs_by_endpoint').on(table.endpointId, table.id).where(sql`endpoint_id is not null`),
    // Builds are few among many questions, so a list of them must not look for them there.
    index('runs_of_builds').on(table.workspaceId, table.id).where(sql`kind = 'build'`),
  ],
);

/** The log of a run: appended, never rewritten. `event` is the engine's; the store does not look into it. */
export const runEvents = pgTable(
  'run_events',
  {
    workspaceId: workspaceOfParent(),
    runId: entityId('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    event: jsonb('event').$type<JsonValue>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.sequence] })],
);

/** What callers think of an answer: the last word of each. */
export const runFeedback = pgTable(
  'run_feedback',
  {
    workspaceId: workspaceOfParent(),
    runId: entityId('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** The API key's id, or `session` or `local`. */
    caller: text('caller').notNull(),
    /** From 0, useless, to 1, just right. */
    score: doublePrecision('score').notNull(),
    comment: text('comment'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.caller] })],
);
