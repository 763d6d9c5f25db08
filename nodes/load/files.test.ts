import { checkSettings } from '@kumiki/flow';
import { type Document, KumikiError, type ManifestEntry, type NodeType, type StreamElement } from '@kumiki/node-sdk';
import { describe, expect, it } from 'vitest';
import { createFakeContext, type FakeContext } from '../testing/fake-context.ts';
import { loadFiles } from './files.ts';

type Listed = ManifestEntry & { mediaType: string | null };

const damaged = new KumikiError({ code: 'document-damaged', message: { en: 'Damaged.', ja: '壊れています。' } });

function makeContext(files: Readonly<Record<string, string>>, signal?: AbortSignal) {
  const reads: string[] = [];
  const entries = Object.keys(files).map(
    (name): Listed => ({ id: `id of ${name}`, name, identity: name, contentHash: null, mediaType: null }),
  );
  const read = async (id: string) => {
    reads.push(id);
    const content = files[id.replace('id of ', '')] ?? '';
    return { content: new TextEncoder().encode(content), contentHash: `hash of ${content}` };
  };
  const context = createFakeContext({
    ...(signal && { signal }),
    files: {
      listCollection: async () => entries,
      listFolder: async () => entries,
      readCollectionFile: (_, id) => read(id),
      readFolderFile: (_, id) => read(id),
    },
    documents: {
      parse: async ({ content }) => {
        const text = new TextDecoder().decode(content);
        if (text === 'damaged') throw damaged;
        if (text === 'bug') throw new Error('bug');
        return { text, headings: [{ level: 1, title: text, start: 0 }], pages: [], mediaType: 'text/plain' };
      },
    },
  });
  return { context, reads };
}

function callLoader(nodeType: NodeType, settings: object, context: FakeContext) {
  const { behaviour } = nodeType;
  if (behaviour.role !== 'loader') throw new Error('no loader');
  const call = { settings: nodeType.settings.parse(settings), context };
  return {
    list: () => behaviour.list(call),
    read: async (ids: readonly string[] | 'all') => {
      const elements: StreamElement<Document>[] = [];
      for await (const element of behaviour.read({ ...call, ids })) elements.push(element);
      return elements;
    },
  };
}

describe('load/files', () => {
  it('lists without reading', async () => {
    const { context, reads } = makeContext({ 'a.md': 'A', 'b.md': 'B' });
    const entries = await callLoader(loadFiles, { collection: 'faq' }, context).list();
    expect(entries.map(({ id }) => id)).toEqual(['id of a.md', 'id of b.md']);
    expect(reads).toEqual([]);
  });

  it('reads only what is wanted, and tells what was really read', async () => {
    const { context, reads } = makeContext({ 'a.md': 'A', 'b.md': 'B', 'c.md': 'C' });
    const elements = await callLoader(loadFiles, { folder: '/data' }, context).read(['id of b.md', 'id of gone.md']);
    expect(reads).toEqual(['id of b.md']);
    expect(elements).toEqual([
      {
        document: {
          id: 'id of b.md',
          name: 'b.md',
          mediaType: 'text/plain',
          contentHash: 'hash of B',
          metadata: { title: 'B' },
        },
        items: [{ text: 'B', headings: [{ level: 1, title: 'B', start: 0 }], pages: [] }],
      },
    ]);
    expect(context.record.progress).toEqual([{ done: 1, total: 1, unit: 'documents' }]);
  });

  it('puts an error in the place of a document that cannot be read, and goes on', async () => {
    const { context } = makeContext({ 'a.pdf': 'damaged', 'b.md': 'B' });
    const elements = await callLoader(loadFiles, { collection: 'faq' }, context).read('all');
    expect(elements.map((element) => ('error' in element ? element.error.code : element.items.length))).toEqual([
      'document-damaged',
      1,
    ]);
  });

  it('does not take a bug for a damaged document', async () => {
    const { context } = makeContext({ 'a.pdf': 'bug' });
    await expect(callLoader(loadFiles, { collection: 'faq' }, context).read('all')).rejects.toThrow('bug');
  });

  it('passes the cancellation on', async () => {
    const { context } = makeContext({ 'a.md': 'A' }, AbortSignal.abort(new Error('cancelled')));
    await expect(callLoader(loadFiles, { collection: 'faq' }, context).read('all')).rejects.toThrow('cancelled');
  });

  it.each([
    ['*.md', ['a.md', 'sub/b.md']],
    ['sub/*', ['sub/b.md', 'sub/c.pdf']],
    ['**/*.{pdf,txt}', ['d.txt', 'sub/c.pdf']],
    ['*.pdf  *.txt', ['d.txt', 'sub/c.pdf']],
    ['', ['a.md', 'd.txt', 'sub/b.md', 'sub/c.pdf']],
  ])('takes only files like %j', async (include, names) => {
    const { context } = makeContext({ 'a.md': '', 'd.txt': '', 'sub/b.md': '', 'sub/c.pdf': '' });
    const entries = await callLoader(loadFiles, { collection: 'faq', include }, context).list();
    expect(entries.map(({ name }) => name)).toEqual(names);
  });

  it('says what to do about an empty collection, and about a pattern that fits nothing', async () => {
    const empty = callLoader(loadFiles, { collection: 'faq' }, makeContext({}).context).list();
    await expect(empty).rejects.toMatchObject({
      code: 'no-documents',
      text: { ja: expect.stringContaining('「faq」が空') },
    });
    const none = callLoader(
      loadFiles,
      { folder: '/data', include: '*.pdf' },
      makeContext({ 'a.md': '' }).context,
    ).list();
    await expect(none).rejects.toMatchObject({
      code: 'no-documents',
      text: { en: expect.stringContaining('“*.pdf”') },
    });
  });

  it('wants a collection or a folder, not both', () => {
    const check = (settings: Record<string, string>) => {
      const node = { type: 'load/files', version: 1, settings, position: { x: 0, y: 0 } };
      return checkSettings('load', node, loadFiles.description).map(({ code, path }) => [code, path]);
    };
    expect(check({ collection: '' })).toEqual([['missing-setting', '/nodes/load/settings/collection']]);
    expect(check({ collection: 'a', folder: 'b' })).toEqual([['invalid-settings', '/nodes/load/settings/folder']]);
    expect(check({ folder: 'b' })).toEqual([]);
  });
});
