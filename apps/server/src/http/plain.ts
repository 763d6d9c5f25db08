import { type ErrorReport, reportError } from '@kumiki/node-sdk';

/** The contract's types are mutable, as zod infers them; these copies are the price, paid at the edge only. */
export function asArray<Item>(items: readonly Item[]): Item[] {
  return [...items];
}

/** The safe report of anything thrown, as the contract has it. */
export function describeReport(error: unknown): { -readonly [Key in keyof ErrorReport]: ErrorReport[Key] } {
  return { ...reportError(error) };
}
