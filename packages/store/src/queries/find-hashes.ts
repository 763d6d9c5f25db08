import type { JsonValue } from '@kumiki/flow';

const sha256Pattern = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** Every SHA-256 (64 hex digits) that a value tells: whatever it names in the blob store is among them. */
export function findHashes(value: JsonValue): string[] {
  return [...new Set(JSON.stringify(value).match(sha256Pattern))];
}
