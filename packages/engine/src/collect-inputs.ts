import type { PlannedInput } from './plan.ts';

/** What a node is called with: its type's own inputs, and those that came from a port rule. */
export type CollectedInputs<Value> = {
  readonly inputs: Readonly<Record<string, Value | undefined>>;
  readonly variables: Readonly<Record<string, Value>>;
};

/**
 * Reads the values that have arrived at a node. Null where the node is to be skipped: a value that it cannot do without
 * was skipped, or all that is wired to it was. A skipped value that it can do without is left out; one that it accepts is
 * there as `undefined`, so that the node can tell it from one that is not connected.
 */
export function collectInputs<Value>(
  planned: readonly PlannedInput[],
  read: (input: PlannedInput, place: number) => Value | undefined,
): CollectedInputs<Value> | null {
  const inputs: Record<string, Value | undefined> = {};
  const variables: Record<string, Value> = {};
  let wired = false;
  let arrived = false;
  for (const [place, input] of planned.entries()) {
    if (input.sources.length === 0) continue;
    wired = true;
    const value = read(input, place);
    if (value !== undefined || input.acceptsSkipped) arrived = true;
    else if (input.required) return null;
    if (input.variable && value !== undefined) variables[input.name] = value;
    else if (value !== undefined || input.acceptsSkipped) inputs[input.name] = value;
  }
  return wired && !arrived ? null : { inputs, variables };
}
