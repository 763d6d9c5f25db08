import type { JsonValue } from '@kumiki/flow';
import { type DataSetAccess, type DataSetValue, type Example, KumikiError } from '@kumiki/node-sdk';
import { parseNumberCursor } from '@kumiki/store';
import { readStoredDataSet } from './stored-data-set.ts';

type ExamplePage = { readonly items: readonly Example[]; readonly next: string | null };

/** The data set that an artifact holds; null for one of another kind. */
export function findDataSet({
  nodeType,
  outputs,
}: {
  readonly nodeType: string;
  readonly outputs: Readonly<Record<string, JsonValue>>;
}): DataSetValue | null {
  const { dataset } = outputs;
  if (!nodeType.startsWith('dataset/') || dataset === undefined) return null;
  return readStoredDataSet(dataset);
}

/** A page of examples. `cursor` counts the lines that earlier pages have read. Throws `cursor-invalid`, `dataset-missing`. */
export async function readExamples(
  datasets: Pick<DataSetAccess, 'read'>,
  dataset: DataSetValue,
  options: {
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly split?: Example['split'] | undefined;
  },
): Promise<ExamplePage> {
  const from = parseNumberCursor(options.cursor) ?? 0;
  const items: Example[] = [];
  let line = 0;
  let next: number | null = null;
  for await (const example of datasets.read(dataset)) {
    line += 1;
    if (line <= from || (options.split !== undefined && example.split !== options.split)) continue;
    if (items.length === options.limit) return { items, next: String(next) };
    items.push(example);
    next = line;
  }
  return { items, next: null };
}

/** As the API tells it: of passages only what the model sees of them. */
export function describeExample({ id, documents, group, split, messages, trained, passages }: Example) {
  return {
    id,
    documents: [...documents],
    group,
    split,
    messages: [...messages],
    trained: [...trained],
    passages:
      passages?.map(({ documentId, documentName, ordinal, text }) => ({ documentId, documentName, ordinal, text })) ??
      null,
  };
}

export function refuseOtherArtifact(nodeType: string): KumikiError {
  return new KumikiError({
    code: 'artifact-without-examples',
    message: {
      en: `An artifact of ${nodeType} holds no examples. Ask for one of a data set.`,
      ja: `${nodeType} の成果物に例はありません。教材の成果物を指定してください。`,
    },
    status: 422,
  });
}
