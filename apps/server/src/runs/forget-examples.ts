import type { JsonValue } from '@kumiki/flow';
import type { BlobStore, Example } from '@kumiki/node-sdk';
import type { RewriteDataSet } from '@kumiki/store';
import { createDataSetAccess } from './data-set-access.ts';
import { readStoredDataSet } from './stored-data-set.ts';

type Examples = AsyncIterable<Example> | Iterable<Example>;

/** Writes data sets anew without what was made from some documents. Whoever calls names the new contents. */
export function createForgetExamples(parts: {
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}): RewriteDataSet {
  const datasets = createDataSetAccess(parts);
  return async (value, documents) => {
    const dataset = readStoredDataSet(value);
    const isForgotten = (example: Example) => example.documents.some((id) => documents.has(id));
    // Where the contents are gone, the first examples still stand in the value itself.
    const isThere = await parts.blobs.has(dataset.sha256);
    const read = (): Examples => (isThere ? datasets.read(dataset) : dataset.preview);
    if (!(await holdsAny(read(), isForgotten))) return value;
    const written = await datasets.write(keepOthers(read(), isForgotten));
    // Who spoke, and what was left out where, may name people and quote rows; how often it was met says nothing.
    const report = dataset.report.filter(({ code }) => code !== 'assistant').map((note) => ({ ...note, places: [] }));
    return { ...written, report } as unknown as JsonValue;
  };
}

async function holdsAny(examples: Examples, isForgotten: (example: Example) => boolean): Promise<boolean> {
  for await (const example of examples) if (isForgotten(example)) return true;
  return false;
}

async function* keepOthers(examples: Examples, isForgotten: (example: Example) => boolean): AsyncGenerator<Example> {
  for await (const example of examples) if (!isForgotten(example)) yield example;
}
