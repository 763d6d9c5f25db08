import type { JsonValue } from '@kumiki/flow';
import type { DocumentHead } from '@kumiki/node-sdk';

const sampleItems = 20;
const sampleCharacters = 2_000;
const sampleDepth = 6;

/** A value as the inspector shows it: a list's first items, long texts cut, vectors as their dimension. */
export function sampleValue(value: unknown): readonly JsonValue[] {
  if (Array.isArray(value)) return value.slice(0, sampleItems).map((item) => shorten(item, 0));
  return [shorten(value, 0)];
}

/** How many there are: the length of a list, 1 for anything else. */
export function countValue(value: unknown): number {
  return Array.isArray(value) ? value.length : 1;
}

/** Whether a sample of a stream is full. */
export function isSampleFull(sample: readonly JsonValue[]): boolean {
  return sample.length >= sampleItems;
}

/** One item of a stream, with the document that it belongs to and what its loader found out about it. */
export function sampleItem(
  { id, name, metadata }: Pick<DocumentHead, 'id' | 'name' | 'metadata'>,
  item: unknown,
): JsonValue {
  const known = Object.keys(metadata).length === 0 ? {} : { metadata: shorten(metadata, 0) };
  return { document: { id, name, ...known }, item: shorten(item, 0) };
}

function shorten(value: unknown, depth: number): JsonValue {
  if (typeof value === 'string') return value.length > sampleCharacters ? `${cut(value)}…` : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (ArrayBuffer.isView(value)) return { dimensions: 'length' in value ? Number(value.length) : value.byteLength };
  if (depth >= sampleDepth) return '…';
  if (Array.isArray(value)) return value.slice(0, sampleItems).map((item) => shorten(item, depth + 1));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, shorten(item, depth + 1)]));
}

/** Never between the two halves of a surrogate pair, which Postgres would refuse. */
function cut(text: string): string {
  const last = text.charCodeAt(sampleCharacters - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? sampleCharacters - 1 : sampleCharacters);
}
