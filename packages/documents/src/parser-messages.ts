import type { LocalisedText } from '@kumiki/flow';
import type { FileData } from '@kumiki/node-sdk';
import type { ParseLimits } from './limits.ts';
import type { FileToParse, ParsedDocument } from './parse-document.ts';

/** What the parser process is asked: one file at a time. */
export type ParseRequest = {
  readonly task: keyof ParseResults;
  readonly file: FileToParse;
  readonly limits: ParseLimits;
};

export type ParseResults = { readonly document: ParsedDocument; readonly data: FileData };

/** What it answers. `cause` is for the log. */
export type ParseResponse<Task extends keyof ParseResults = keyof ParseResults> =
  | { readonly result: ParseResults[Task] }
  | { readonly error: { readonly code: string; readonly message: LocalisedText; readonly cause: string | null } };
