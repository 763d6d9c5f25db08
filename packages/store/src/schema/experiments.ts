import type { JsonValue } from '@kumiki/flow';
import type { ErrorReport, TokenUsage } from '@kumiki/node-sdk';
import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, entityId, moment, updatedAt } from './columns.ts';
import { questionSets } from './question-sets.ts';
import { runs } from './runs.ts';
import { workspaceOfParent, workspaceReference } from './workspaces.ts';

/** Arms, questions and repetitions. Its run says how far it is; all but the form is fixed from the start. */
export const experiments = pgTable(
  'experiments',
  {
    id: entityId('id').primaryKey(),
    workspaceId: workspaceReference(),
    runId: entityId('run_id')
      .notNull()
      .unique()
      .references(() => runs.id, { onDelete: 'cascade' }),
    questionSetId: entityId('question_set_id')
      .notNull()
      .references(() => questionSets.id),
    name: text('name').notNull(),
    seed: integer('seed').notNull(),
    repetitions: integer('repetitions').notNull(),
    /** How many answers it takes in all. */
    planned: integer('planned').notNull(),
    /** Flows of its arms. */
    flows: text('flows').array().notNull(),
    /** What was asked for; the server's own words. */
    settings: jsonb('settings').$type<JsonValue>().notNull(),
    /** The arms as they were found when it began: versions, builds, models, sampling. */
    arms: jsonb('arms').$type<JsonValue>().notNull(),
    /** Warnings, and which rows an arm's model was trained on. */
    findings: jsonb('findings').$type<JsonValue>().notNull(),
    /** What became of new facts, arm by arm; the server's own words. */
    facts: jsonb('facts').$type<readonly JsonValue[]>().notNull().default([]),
    /** What the data cannot tell, as a person said it. */
    form: jsonb('form').$type<JsonValue>().notNull().default({}),
    createdAt: createdAt(),
  },
  (table) => [
    index('experiments_by_workspace').on(table.workspaceId, table.id),
    index('experiments_by_question_set').on(table.questionSetId),
    index('experiments_by_flow').using('gin', table.flows),
  ],
);

/** By metric: its value in its own unit, or why it does not apply. */
export type AnswerScores = Readonly<Record<string, number | { readonly notApplicable: string }>>;

export const answerStates = ['answered', 'refused', 'failed'] as const;

/** What an arm retrieved for a question, as the answer was made from it. */
export type AnswerPassage = {
  readonly documentId: string;
  readonly documentName: string;
  readonly text: string;
};

/** One answer: there once it was given, so that nothing is asked twice. */
export const experimentAnswers = pgTable(
  'experiment_answers',
  {
    workspaceId: workspaceOfParent(),
    experimentId: entityId('experiment_id')
      .notNull()
      .references(() => experiments.id, { onDelete: 'cascade' }),
    arm: text('arm').notNull(),
    /** Number of the question in its set. */
    row: integer('row').notNull(),
    repetition: integer('repetition').notNull(),
    state: text('state', { enum: answerStates }).notNull(),
    /** Null where there is none: it failed, the output was skipped, or it was forgotten. */
    text: text('text'),
    citations: jsonb('citations').$type<JsonValue>().notNull(),
    /** Null where the arm retrieves nothing. */
    passages: jsonb('passages').$type<readonly AnswerPassage[]>(),
    usage: jsonb('usage').$type<TokenUsage>(),
    error: jsonb('error').$type<ErrorReport>(),
    scores: jsonb('scores').$type<AnswerScores>().notNull().default({}),
    /** Null where no text came in pieces. */
    firstTokenMilliseconds: doublePrecision('first_token_milliseconds'),
    totalMilliseconds: doublePrecision('total_milliseconds').notNull(),
    redactedAt: moment('redacted_at'),
    answeredAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.arm, table.row, table.repetition] })],
);

export const verdicts = ['first', 'second', 'tie'] as const;
export type Verdict = (typeof verdicts)[number];

/** Which two answers to one question are compared: those of two arms in the first repetition. */
const pairColumns = () => ({
  workspaceId: workspaceOfParent(),
  experimentId: entityId('experiment_id')
    .notNull()
    .references(() => experiments.id, { onDelete: 'cascade' }),
  row: integer('row').notNull(),
  first: text('first').notNull(),
  second: text('second').notNull(),
});

/** What the judge said of a pair in both orders. */
export const experimentJudgements = pgTable(
  'experiment_judgements',
  {
    ...pairColumns(),
    /** Null where its answer could not be read. */
    verdict: text('verdict', { enum: verdicts }),
    /** The same with the second answer shown first. */
    swappedVerdict: text('swapped_verdict', { enum: verdicts }),
    reasons: jsonb('reasons').$type<readonly string[]>().notNull(),
    /** Why the judge could not be asked. */
    error: jsonb('error').$type<ErrorReport>(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.row, table.first, table.second] })],
);

/** What people said of a pair, without knowing the arms. */
export const experimentLabels = pgTable(
  'experiment_labels',
  {
    ...pairColumns(),
    /** The API key's id, or `session` or `local`. */
    caller: text('caller').notNull(),
    verdict: text('verdict', { enum: verdicts }).notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.row, table.first, table.second, table.caller] })],
);
