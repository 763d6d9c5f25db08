import type { FeedbackRow, RunRow } from '@kumiki/store';
import type { z } from 'zod';
import type { feedbackSchema, runSchema } from '../contract/runs.ts';
import type { ContractOutputs } from './contract-events.ts';
import type { RunEvent } from './event-log.ts';

/** A run as the contract has it. `slug` is that of the endpoint that was asked, where one was. */
export function describeRun(row: RunRow, slug: string | null): z.infer<typeof runSchema> {
  return {
    id: row.id,
    kind: row.kind,
    flow: row.flowId,
    version: row.version,
    build: row.build,
    state: row.state,
    inputs: { ...row.inputs },
    outputs: readOutputs(row),
    usage: row.usage,
    error: row.error === null ? null : { ...row.error },
    endpoint: slug,
    subject: row.subject,
    conversation: row.conversation,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

export function describeFeedback({ caller, score, comment, updatedAt }: FeedbackRow): z.infer<typeof feedbackSchema> {
  return { caller, score, comment, updatedAt: updatedAt.toISOString() };
}

/** The end of a run that has ended, from its row. */
export function describeOutcome(row: RunRow): RunEvent {
  return {
    type: 'run-end',
    state: row.state === 'queued' || row.state === 'running' ? 'failed' : row.state,
    outputs: readOutputs(row),
    usage: row.usage,
    error: row.error === null ? null : { ...row.error },
    build: row.build,
    at: (row.endedAt ?? row.createdAt).toISOString(),
  };
}

export function readOutputs(row: RunRow): ContractOutputs | null {
  // The edge: the column holds what `describeOutputs` made.
  return row.outputs as ContractOutputs | null;
}
