import type { LocalisedText } from './node-type-description.ts';

/** Every problem that `parseFlow` and `checkFlow` can find. The editor offers a remedy by code. */
export type ProblemCode =
  | 'broken-json'
  | 'unknown-format'
  | 'newer-format'
  | 'invalid-document'
  | 'unknown-node-type'
  | 'newer-node-version'
  | 'invalid-settings'
  | 'missing-setting'
  | 'unknown-node'
  | 'unknown-port'
  | 'kind-mismatch'
  | 'input-taken'
  | 'missing-input'
  | 'duplicate-edge'
  | 'cycle'
  | 'input-reaches-artifact'
  | 'stream-crosses-binding-time'
  | 'acts-at-build-time'
  | 'unknown-flow-version'
  | 'unknown-flow-output'
  | 'unknown-flow-input'
  | 'recursive-flow'
  | 'unsound-flow'
  | 'duplicate-name'
  | 'other-prompt-than-trained'
  | 'no-output'
  | 'unused-node';

/** Something that is wrong with a flow: expected, so a value and not an exception. */
export type Problem = {
  readonly code: ProblemCode;
  /** An error keeps the flow from running; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** The node at fault, where there is one. */
  readonly node: string | null;
  /** A JSON pointer into the document, such as `/nodes/search/settings/limit` or `/edges/3`. */
  readonly path: string;
  /** What is wrong and what to do, in both languages. */
  readonly message: LocalisedText;
};
