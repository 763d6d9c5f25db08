/** Files by their SHA-256. Writing the same content twice keeps one copy. */
export interface BlobStore {
  /** Streams the content in, and tells its hash (hex) and size. Nothing half written is ever visible. */
  put(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<{ sha256: string; bytes: number }>;
  /** Throws `blob-missing`. */
  read(sha256: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  delete(sha256: string): Promise<void>;
  /** Everything that is there, in no order, with the time when it was last put in. */
  list(): AsyncIterable<{ readonly sha256: string; readonly bytes: number; readonly storedAt: Date }>;
}
