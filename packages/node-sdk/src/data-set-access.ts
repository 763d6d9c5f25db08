import type { DataSetValue, Example } from './values.ts';

/** How many examples stand in a data set's value, for people. */
export const previewedExamples = 20;

/** Where examples lie: too many for a wire, so that what travels only names them. */
export interface DataSetAccess {
  /** Stores examples in the order in which they come, in bounded memory. Nothing half written is ever visible. */
  write(
    examples: AsyncIterable<Example> | Iterable<Example>,
  ): Promise<Pick<DataSetValue, 'sha256' | 'bytes' | 'examples' | 'preview'>>;
  /** In the order in which they were written. Throws `dataset-missing` where the contents are gone. */
  read(dataset: Pick<DataSetValue, 'sha256'>): AsyncIterable<Example>;
}
