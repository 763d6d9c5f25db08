import { type BlobStore, type DataSetAccess, type Example, KumikiError, previewedExamples } from '@kumiki/node-sdk';

/** Keeps data sets in the blob store, one example a line of JSON. */
export function createDataSetAccess({ blobs, signal }: { readonly blobs: BlobStore; readonly signal: AbortSignal }) {
  return {
    async write(examples) {
      const counts = { train: 0, evaluation: 0 };
      const preview: Example[] = [];
      async function* writeLines(): AsyncGenerator<Uint8Array> {
        const encoder = new TextEncoder();
        for await (const example of examples) {
          counts[example.split] += 1;
          if (preview.length < previewedExamples) preview.push(example);
          yield encoder.encode(`${JSON.stringify(example)}\n`);
        }
      }
      const { sha256, bytes } = await blobs.put(writeLines(), signal);
      return { sha256, bytes, examples: counts, preview };
    },
    async *read({ sha256 }) {
      if (!(await blobs.has(sha256))) throw refuseMissing();
      let rest = '';
      const decoder = new TextDecoder();
      for await (const piece of blobs.read(sha256, signal)) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        // Written by `write` above, under its own hash.
        for (const line of lines) yield JSON.parse(line) as Example;
      }
    },
  } satisfies DataSetAccess;
}

function refuseMissing(): KumikiError {
  return new KumikiError({
    code: 'dataset-missing',
    status: 404,
    message: {
      en: 'The contents of the data set are gone. Build the flow again, and it will be made anew.',
      ja: '教材の中身が見つかりません。フローをもう一度構築すると、つくり直されます。',
    },
  });
}
