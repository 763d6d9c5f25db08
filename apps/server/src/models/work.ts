import type { Work } from '@kumiki/node-sdk';

export const unknownWork: Work = { processorSeconds: null, deviceSeconds: null };

/** What all of them worked together: not known where it is not known of one. */
export function addUpWork(parts: readonly Work[]): Work {
  return {
    processorSeconds: addUpKnown(parts.map(({ processorSeconds }) => processorSeconds)),
    deviceSeconds: addUpKnown(parts.map(({ deviceSeconds }) => deviceSeconds)),
  };
}

/** Null where one of them is not known. */
export function addUpKnown(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}

/**
 * What was worked between two readings. Not known where a reading went down: the process that was read first has ended
 * since.
 */
export function subtractWork(after: Work, before: Work): Work {
  return {
    processorSeconds: subtract(after.processorSeconds, before.processorSeconds),
    deviceSeconds: subtract(after.deviceSeconds, before.deviceSeconds),
  };
}

function subtract(after: number | null, before: number | null): number | null {
  return after === null || before === null || after < before ? null : after - before;
}

/** What the processors of this process worked since it began: retrieval, and all that is not a model's. */
export function readOwnWork(): Work {
  const { user, system } = process.cpuUsage();
  return { processorSeconds: (user + system) / 1e6, deviceSeconds: 0 };
}
