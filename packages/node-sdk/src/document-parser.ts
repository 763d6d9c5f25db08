import type { Document } from './values.ts';

/** A row of a table: where it begins, a line or a row of a sheet counted from 1, and its cells, empty ones included. */
export type DataRow = { readonly line: number; readonly cells: readonly string[] };

/** What stands in a file of data, before anybody makes sense of it. Texts are decoded, not cleaned. */
export type FileData =
  | { readonly kind: 'text'; readonly text: string }
  /** The texts of a zip archive by their paths in it; what is no text is left out. */
  | { readonly kind: 'archive'; readonly members: readonly { readonly name: string; readonly text: string }[] }
  /** CSV and TSV (one table without a name), and the visible sheets of a workbook. */
  | {
      readonly kind: 'tables';
      readonly tables: readonly { readonly name: string; readonly rows: readonly DataRow[] }[];
    };

type FileToRead = { readonly name: string; readonly mediaType: string | null; readonly content: Uint8Array };

/**
 * Turns bytes into text. Runs in a process apart, so that a hostile file cannot take the server down. Codes:
 * `document-encrypted`, `document-without-text`, `document-damaged`, `document-type-unknown`, `document-type-mismatch`
 * (not what its name says), `document-too-large`, `document-timeout`.
 */
export interface DocumentParser {
  parse(file: FileToRead, signal: AbortSignal): Promise<Document & { readonly mediaType: string }>;
  /** The same for files whose layout means something to whoever asks: JSON, JSON lines, tables, archives of them. */
  readData(file: FileToRead, signal: AbortSignal): Promise<FileData>;
}
