import { flowFormat } from './document.ts';

/** The format that this Kumiki writes. */
export const writtenFormat = flowFormat;

const formatPattern = /^kumiki\/flow@([1-9][0-9]{0,5})$/;

/** Lifts a document from format `from` to `from + 1`. It gets JSON of any shape and leaves what it does not know. */
export type FlowMigration = { readonly from: number; readonly migrate: (document: object) => object };

/** In order, without gaps, each with a test of a file that the older version wrote. */
const migrations: readonly FlowMigration[] = [];

/** The number in a document's `format`, or null where there is none. */
export function readFormatNumber(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('format' in value)) return null;
  const match = typeof value.format === 'string' ? formatPattern.exec(value.format) : null;
  return match === null ? null : Number(match[1]);
}

/** Lifts a document to the present format. Null where its format is newer than this Kumiki. */
export function migrateFlow(
  value: unknown,
  format: number,
  steps: readonly FlowMigration[] = migrations,
): object | null {
  if (typeof value !== 'object' || value === null || format > steps.length + 1) return null;
  return steps
    .slice(format - 1)
    .reduce<object>(
      (document, { from, migrate }) => ({ ...migrate(document), format: `kumiki/flow@${from + 1}` }),
      value,
    );
}
