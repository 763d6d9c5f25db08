import type { Document } from './values.ts';

/**
 * Turns bytes into text. Runs in a process apart, so that a hostile file cannot take the server down. Codes:
 * `document-encrypted`, `document-without-text`, `document-damaged`, `document-type-unknown`, `document-type-mismatch`
 * (not what its name says), `document-too-large`, `document-timeout`.
 */
export interface DocumentParser {
  parse(
    file: { readonly name: string; readonly mediaType: string | null; readonly content: Uint8Array },
    signal: AbortSignal,
  ): Promise<Document & { readonly mediaType: string }>;
}
