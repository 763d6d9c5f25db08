import { createHash } from 'node:crypto';
import { type DataSetAccess, type Example, KumikiError, previewedExamples } from '@kumiki/node-sdk';

/** Data sets in memory, by their hash. */
export class MemoryDataSets implements DataSetAccess {
  readonly #contents = new Map<string, readonly Example[]>();

  async write(examples: AsyncIterable<Example> | Iterable<Example>) {
    const written: Example[] = [];
    for await (const example of examples) written.push(example);
    const text = written.map((example) => `${JSON.stringify(example)}\n`).join('');
    const sha256 = createHash('sha256').update(text).digest('hex');
    this.#contents.set(sha256, written);
    const train = written.filter(({ split }) => split === 'train').length;
    return {
      sha256,
      bytes: Buffer.byteLength(text),
      examples: { train, evaluation: written.length - train },
      preview: written.slice(0, previewedExamples),
    };
  }

  async *read({ sha256 }: { readonly sha256: string }) {
    const examples = this.#contents.get(sha256);
    if (examples === undefined) {
      throw new KumikiError({
        code: 'dataset-missing',
        message: { en: 'The data set is gone.', ja: '教材の中身が見つかりません。' },
        status: 404,
      });
    }
    yield* examples;
  }
}
