import type { JsonValue, LocalisedText } from '@kumiki/flow';
import type { ErrorReport, Progress, TokenUsage, TrainingReport } from '@kumiki/node-sdk';

/** A build, or a question asked of one. */
export type RunKind = 'build' | 'question';

/** A run ends in exactly one of these. */
export type RunState = 'succeeded' | 'failed' | 'cancelled';

/**
 * How a node ended. `reused`: its artifact was there already and nothing upstream ran. `skipped`: what it needs was
 * skipped. `cancelled`: it was stopped because the run was cancelled or another node failed.
 */
export type NodeState = 'succeeded' | 'reused' | 'skipped' | 'failed' | 'cancelled';

/** What one arm answered. A skipped arm is not an error. */
export type ArmOutput =
  | { readonly state: 'answered'; readonly value: JsonValue; readonly citations: readonly JsonValue[] }
  | { readonly state: 'skipped' };

export type ArmOutputs = Readonly<Record<string, ArmOutput>>;

export type NodeWarning = { readonly code: string; readonly message: LocalisedText };

export type DocumentError = { readonly id: string; readonly error: ErrorReport };

/** When it happened, in milliseconds since 1970. The place in the run's log is given by whoever stores it. */
type Timed = { readonly at: number };

export type RunStartEvent = Timed & { readonly type: 'run-start'; readonly kind: RunKind };

export type NodeStartEvent = Timed & { readonly type: 'node-start'; readonly node: string };

/** At most about five a second for each node. `waitingFor`: it has not started, since others may have what it needs. */
export type NodeProgressEvent = Timed & {
  readonly type: 'node-progress';
  readonly node: string;
  readonly waitingFor?: 'gpu';
  /** Of a node that trains. Every one counts: these are not thinned. */
  readonly training?: TrainingReport;
} & Progress;

/** Text of an arm on its way, already filtered. `run-end` has the authoritative answer. */
export type TextDeltaEvent = Timed & {
  readonly type: 'text-delta';
  readonly node: string;
  /** The arm's name. */
  readonly output: string;
  readonly text: string;
};

export type NodeEndEvent = Timed & {
  readonly type: 'node-end';
  readonly node: string;
  readonly state: NodeState;
  readonly milliseconds: number;
  /** By output port: how many items a stream carried, or how many a list has; 1 for any other value. */
  readonly counts: Readonly<Record<string, number>>;
  /** By output port that is a stream: how many documents its items belong to. */
  readonly documentCounts?: Readonly<Record<string, number>>;
  /** By output port: up to 20 items, long texts cut, vectors replaced by `{ dimensions }`. */
  readonly samples: Readonly<Record<string, readonly JsonValue[]>>;
  readonly usage?: TokenUsage;
  readonly warnings?: readonly NodeWarning[];
  /** The first 100; `documentErrorCount` counts them all. */
  readonly documentErrors?: readonly DocumentError[];
  readonly documentErrorCount?: number;
  readonly error?: ErrorReport;
};

export type RunEndEvent = Timed & {
  readonly type: 'run-end';
  readonly state: RunState;
  /** By arm; empty for a build. */
  readonly outputs: ArmOutputs;
  readonly usage: TokenUsage;
  readonly milliseconds: number;
  readonly error?: ErrorReport;
};

/** What a run tells about itself, in order; plain JSON, appended to the run's log and never rewritten. */
export type RunEvent = RunStartEvent | NodeStartEvent | NodeProgressEvent | TextDeltaEvent | NodeEndEvent | RunEndEvent;
