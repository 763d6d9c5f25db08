import type { PortValue, Stream } from '@kumiki/node-sdk';

/** A stream of whatever kind: the engine moves its elements and reads nothing of their items. */
export type ErasedStream = Stream<never>;

export function isStream(value: unknown): value is ErasedStream & PortValue {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Whether it is a value that arrives as it is, at a node that pulls as at any other. */
export function isValue(value: PortValue | undefined): value is Exclude<PortValue, AsyncIterable<unknown>> {
  return value !== undefined && !isStream(value);
}
