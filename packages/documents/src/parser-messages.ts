import type { LocalisedText } from '@kumiki/flow';
import type { ParseLimits } from './limits.ts';
import type { FileToParse, ParsedDocument } from './parse-document.ts';

/** What the parser process is asked: one file at a time. */
export type ParseRequest = { readonly file: FileToParse; readonly limits: ParseLimits };

/** What it answers. `cause` is for the log. */
export type ParseResponse =
  | { readonly document: ParsedDocument }
  | { readonly error: { readonly code: string; readonly message: LocalisedText; readonly cause: string | null } };
