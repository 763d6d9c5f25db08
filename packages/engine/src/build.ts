import type { JsonValue } from '@kumiki/flow';
import type { ErrorReport, PortValue, TokenUsage } from '@kumiki/node-sdk';

/** What a build holds of one node. */
export type BuiltNode = {
  readonly nodeType: string;
  readonly fingerprint: string;
  readonly lineage: string;
  /** By output port: values only, all of them JSON. */
  readonly outputs: Readonly<Record<string, PortValue>>;
  /** Its contents have changed since it was made, and it is held until somebody asks for it to be made again. */
  readonly stale?: true;
};

/**
 * What the questions to one version are answered from: immutable, plain JSON. A node of a flow that has only some of
 * its artifacts is missing here, and asking what needs it is `not-built`.
 */
export type Build = {
  /** By the node's path. */
  readonly nodes: Readonly<Record<string, BuiltNode>>;
  /** What was outside when it was made, by the node's path: the models' digests, among others. */
  readonly identities: Readonly<Record<string, JsonValue>>;
};

/** How a build ended. One that failed or was cancelled still tells what it made, which the next one finds again. */
export type BuildResult =
  | { readonly state: 'succeeded'; readonly build: Build; readonly usage: TokenUsage }
  | { readonly state: 'failed'; readonly build: Build; readonly usage: TokenUsage; readonly error: ErrorReport }
  | { readonly state: 'cancelled'; readonly build: Build; readonly usage: TokenUsage };
