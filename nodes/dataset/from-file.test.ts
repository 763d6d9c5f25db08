import { type FileData, KumikiError } from '@kumiki/node-sdk';
import { MemoryDataSets } from '@kumiki/testkit';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { asDataSet, makeArtifact } from '../testing/make-artifact.ts';
import { dataSetFromFile } from './from-file.ts';

function open(files: Readonly<Record<string, FileData>>) {
  const datasets = new MemoryDataSets();
  const context = createFakeContext({
    datasets,
    files: {
      listCollection: async () =>
        Object.keys(files).map((name) => ({ id: name, name, identity: name, contentHash: null, mediaType: null })),
      readCollectionFile: async (_, id) => ({ content: new Uint8Array(), contentHash: `hash of ${id}` }),
    },
    documents: {
      readData: async ({ name }) => {
        const data = files[name];
        if (data === undefined || data.kind === 'archive')
          throw new KumikiError({ code: 'document-damaged', message: { en: 'Damaged.', ja: '壊れています。' } });
        return data;
      },
    },
  });
  const make = async (settings: Readonly<Record<string, unknown>> = {}) => {
    const made = await makeArtifact(dataSetFromFile, {
      settings: { collection: 'faq', ...settings },
      inputs: {},
      context,
    });
    const dataset = asDataSet(made.outputs.dataset);
    return { dataset, contents: made.contents, examples: await Array.fromAsync(datasets.read(dataset)) };
  };
  return { make, context };
}

const sheet = (...rows: string[][]): FileData => ({
  kind: 'tables',
  tables: [{ name: 'FAQ', rows: rows.map((cells, place) => ({ line: place + 1, cells })) }],
});

describe('dataset/from-file', () => {
  it('takes questions and answers of a workbook, and whole dialogues of JSON lines', async () => {
    const { make } = open({
      'a.xlsx': sheet(['質問', '回答'], ['送料は？', '500円です。'], ['返品は？', '']),
      'b.jsonl': {
        kind: 'text',
        text: '{"messages":[{"role":"system","content":"短く"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}',
      },
    });
    const { examples, contents, dataset } = await make({ evaluationShare: 0 });
    expect(examples).toMatchObject([
      {
        documents: ['node/a.xlsx'],
        split: 'train',
        trained: [1],
        messages: [
          { role: 'user', content: '送料は？' },
          { role: 'assistant', content: '500円です。' },
        ],
      },
      { documents: ['node/b.jsonl'], trained: [2, 4], messages: [{ role: 'system', content: '短く' }, {}, {}, {}, {}] },
    ]);
    expect(contents).toEqual([
      { id: 'node/a.xlsx', contentHash: 'hash of a.xlsx' },
      { id: 'node/b.jsonl', contentHash: 'hash of b.jsonl' },
    ]);
    expect(dataset.report).toContainEqual({
      code: 'row-unreadable',
      message: { en: 'The column “回答” is empty.', ja: '「回答」の列が空です。' },
      count: 1,
      places: [{ document: 'node/a.xlsx', line: 3, detail: '' }],
    });
  });

  it('goes on without a file that cannot be read, and says so', async () => {
    const { make, context } = open({
      'a.zip': { kind: 'archive', members: [] },
      'b.csv': sheet(['q', 'a'], ['1', '2']),
    });
    const { examples, dataset } = await make();
    expect(examples).toHaveLength(1);
    expect(context.record.documentErrors).toMatchObject([{ id: 'node/a.zip', error: { code: 'document-damaged' } }]);
    expect(dataset.report.map(({ code }) => code)).toContain('document-unreadable');
  });

  it('fails where nothing is left', async () => {
    await expect(open({ 'b.csv': sheet(['q', 'a'], ['1', '']) }).make()).rejects.toMatchObject({
      code: 'dataset-empty',
    });
  });
});
