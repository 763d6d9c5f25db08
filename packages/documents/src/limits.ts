/** What one file may cost. A file that goes over ends in `document-too-large` or `document-timeout`. */
export type ParseLimits = {
  /** Bytes of the file itself. */
  readonly fileBytes: number;
  /** Bytes of everything in a zip container (DOCX, XLSX, PPTX, EPUB) together, unpacked. */
  readonly unpackedBytes: number;
  readonly zipEntries: number;
  /** UTF-16 code units of the text that comes out. */
  readonly textLength: number;
  readonly pages: number;
};

export const defaultLimits: ParseLimits = {
  fileBytes: 200 * 1024 * 1024,
  unpackedBytes: 256 * 1024 * 1024,
  zipEntries: 10_000,
  textLength: 32 * 1024 * 1024,
  pages: 10_000,
};
