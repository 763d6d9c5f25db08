import type { Schemas } from '@kumiki/client';
import type { LocalisedText } from '@kumiki/flow';
import type { TrainingRun } from './training-run.ts';

/** What a node shows in its foot. */
export const nodeStates = [
  'waiting',
  'running',
  'streaming',
  'done',
  'cached',
  'skipped',
  'failed',
  'cancelled',
] as const;
export type NodeState = (typeof nodeStates)[number];

export type ErrorReport = NonNullable<Schemas['ErrorReport']>;
export type TokenUsage = NonNullable<Schemas['TokenUsage']>;
export type RunEvent = Schemas['RunEvent'];
export type RunOutput = Schemas['Output'];

/** What one run has told about one node. */
export type NodeRun = {
  readonly state: NodeState;
  /** When it started, in milliseconds since 1970. */
  readonly startedAt: number | null;
  /** What it waits for before it starts, where it has told. */
  readonly waitingFor: 'gpu' | null;
  readonly progress: { readonly done: number; readonly total: number | null; readonly unit: string } | null;
  /** How long it took, once it has ended. */
  readonly milliseconds: number | null;
  /** By output port. */
  readonly counts: Readonly<Record<string, { readonly documents: number | null; readonly items: number }>>;
  /** Up to 20 items of each output port. */
  readonly sample: Readonly<Record<string, readonly unknown[]>>;
  /** Text as it streams, by output port. */
  readonly text: Readonly<Record<string, string>>;
  /** When text came first and last, by this machine's clock; of a replay, when it was replayed. */
  readonly firstTextAt: number | null;
  readonly lastTextAt: number | null;
  readonly usage: TokenUsage | null;
  readonly warnings: readonly { readonly code: string; readonly message: LocalisedText }[];
  readonly documentErrors: readonly { readonly id: string; readonly error: ErrorReport }[];
  readonly error: ErrorReport | null;
  /** Of a node that trains. */
  readonly training: TrainingRun | null;
};

/** The text that says how a node is. */
export function findStateText({ state, waitingFor, training }: NodeRun) {
  if (waitingFor !== null) return `nodes.waitingFor.${waitingFor}` as const;
  if (state === 'running' && training?.stage) return `nodes.training.${training.stage}` as const;
  return `nodes.state.${state}` as const;
}

export type RunPhase = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A run as far as its events have been read. */
export type RunState = {
  readonly id: string;
  readonly kind: 'build' | 'question';
  readonly phase: RunPhase;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** By node path: `node`, or `subflow/node` where a flow was inlined. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  readonly outputs: Readonly<Record<string, RunOutput>> | null;
  readonly usage: TokenUsage | null;
  readonly error: ErrorReport | null;
  /** The number of the build that a build run has made. */
  readonly build: number | null;
};

export function isOver(phase: RunPhase): boolean {
  return phase !== 'queued' && phase !== 'running';
}
