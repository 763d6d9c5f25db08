import { type Document, KumikiError, type StreamElement, type TableAccess, type TableRow } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext } from '../testing/fake-context.ts';
import { loadPostgres } from './postgres.ts';

const usual = { connection: { $secret: 'wiki' }, query: 'articles', textColumns: 'body' };

const makeRow = (id: string, parts: Partial<TableRow> = {}): TableRow => ({
  id,
  title: `Title ${id}`,
  identity: `time ${id}`,
  contentHash: `hash ${id}`,
  texts: [`Text ${id}`],
  ...parts,
});

/** A table in memory, by pages of two rows; the parser says what it was given. */
function openLoader(rows: readonly TableRow[], settings: Record<string, unknown> = {}) {
  const asked: unknown[] = [];
  const parsed: string[] = [];
  const tables: TableAccess = {
    async *list(query) {
      asked.push(query);
      for (let from = 0; from < rows.length; from += 2) yield rows.slice(from, from + 2);
    },
    async *read(_, ids) {
      const wanted = rows.filter(({ id }) => ids === 'all' || ids.includes(id));
      for (let from = 0; from < wanted.length; from += 2) yield wanted.slice(from, from + 2);
    },
  };
  const context = createFakeContext({
    tables,
    documents: {
      parse: async ({ name, content }) => {
        const text = new TextDecoder().decode(content);
        parsed.push(name);
        if (text === '')
          throw new KumikiError({ code: 'document-without-text', message: { en: 'None.', ja: 'なし。' } });
        return { text, headings: [], pages: [], mediaType: 'text/plain' };
      },
    },
  });
  const { behaviour } = loadPostgres;
  if (behaviour.role !== 'loader') throw new Error('no loader');
  const call = { settings: loadPostgres.settings.parse({ ...usual, ...settings }), context };
  return {
    asked,
    parsed,
    context,
    list: () => behaviour.list(call),
    read: async (ids: readonly string[] | 'all'): Promise<StreamElement<Document>[]> =>
      await Array.fromAsync(behaviour.read({ ...call, ids })),
  };
}

const tellAll = (elements: readonly StreamElement<Document>[]) =>
  elements.map((element) => ('error' in element ? element.error.code : element.items[0]?.text));

describe('the list of a table', () => {
  it('has each row by its id, named by its title where it has one', async () => {
    const { list } = openLoader([makeRow('1'), makeRow('2', { title: ' ' }), makeRow('3', { title: null })]);
    expect(await list()).toEqual([
      { id: '1', name: 'Title 1', identity: 'time 1', contentHash: 'hash 1' },
      { id: '2', name: '2', identity: 'time 2', contentHash: 'hash 2' },
      { id: '3', name: '3', identity: 'time 3', contentHash: 'hash 3' },
    ]);
  });

  it('asks for what the settings say', async () => {
    const { asked, list } = openLoader([makeRow('1')], {
      textColumns: ' summary,, body ,',
      idColumn: ' key ',
      titleColumn: 'title',
      timeoutSeconds: 5,
    });
    await list();
    expect(asked).toEqual([
      {
        connection: { $secret: 'wiki' },
        query: 'articles',
        idColumn: 'key',
        textColumns: ['summary', 'body'],
        titleColumn: 'title',
        updatedColumn: null,
        timeoutMilliseconds: 5_000,
      },
    ]);
  });

  it('fails where there is no row, which would remove all that was read before', async () => {
    await expect(openLoader([]).list()).rejects.toMatchObject({ code: 'no-documents', node: 'node' });
  });

  it.each([{ textColumns: ' , ' }, { connection: { $secret: 'a b' } }, { connection: 'postgres://' }, { query: '' }])(
    'is not asked for with %j',
    (settings) => {
      expect(loadPostgres.settings.safeParse({ ...usual, ...settings }).success).toBe(false);
    },
  );
});

describe('reading a table', () => {
  it('makes a document of each row, with the identity of what it read', async () => {
    const { read, parsed, context } = openLoader([makeRow('1', { texts: ['概要', '本文'] }), makeRow('2')], {
      format: 'markdown',
    });
    expect(await read(['1', '2'])).toMatchObject([
      {
        document: {
          id: '1',
          name: 'Title 1',
          mediaType: 'text/plain',
          identity: 'time 1',
          contentHash: 'hash 1',
          metadata: { title: 'Title 1' },
        },
        items: [{ text: '概要\n\n本文' }],
      },
      { document: { id: '2' } },
    ]);
    expect(parsed).toEqual(['Title 1.md', 'Title 2.md']);
    expect(context.record.progress.at(-1)).toEqual({ done: 2, total: 2, unit: 'documents' });
  });

  it('puts an error in the place of a row that has no text, too much, or is gone, and goes on', async () => {
    const { read } = openLoader([makeRow('1', { texts: [] }), makeRow('2', { texts: null }), makeRow('3')]);
    const elements = await read(['1', '2', '3', '4']);
    expect(tellAll(elements)).toEqual(['document-without-text', 'document-too-large', 'Text 3', 'document-missing']);
    expect(elements.at(-1)).toMatchObject({ document: { id: '4' } });
    expect(tellAll(await read('all'))).toHaveLength(3);
  });
});
